package dev.kapell.apiserver.aggregation;

import dev.kapell.apiserver.openapi.OtherGroup;
import dev.kapell.apiserver.tree.Obj;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What another server says its schemas are.
 *
 * @param etag of its v2 document; empty when it has none
 * @param group the part of its documents that is about the group; empty when there is none
 */
record RemoteOpenApi(String etag, Optional<OtherGroup> group) {
  /** Nothing is known. */
  static final RemoteOpenApi NONE = new RemoteOpenApi("", Optional.empty());

  /**
   * Reads the documents.
   *
   * @param v2 its whole v2 document; empty without
   * @param v3 its index of v3 documents; empty without
   */
  static RemoteOpenApi of(RemoteApi api, String etag, Optional<Obj> v2, Optional<Obj> v3) {
    String place = api.path().substring(1);
    Map<String, Object> paths = new LinkedHashMap<>();
    v2.ifPresent(
        document ->
            document
                .child("paths")
                .map()
                .forEach(
                    (path, item) -> {
                      if (path.startsWith(api.path() + "/")) {
                        paths.put(path, item);
                      }
                    }));
    String address =
        v3.map(index -> index.child("paths").child(place).text("serverRelativeURL")).orElse("");
    return new RemoteOpenApi(
        etag,
        Optional.of(
            new OtherGroup(
                place,
                address,
                paths,
                v2.map(document -> document.child("definitions").map()).orElse(Map.of()))));
  }
}
