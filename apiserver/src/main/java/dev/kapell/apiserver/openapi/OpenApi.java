package dev.kapell.apiserver.openapi;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.discovery.Discovery;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.http.Headers;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Answers {@code /openapi/v2} and {@code /openapi/v3}. Thread-safe.
 *
 * <p>Documents are built on demand, one at a time, and kept as long as memory allows.
 */
public final class OpenApi {
  /** Clients ask for it with an {@code @}, which a {@code Content-Type} may not hold. */
  private static final String PROTOBUF =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private static final String TITLE = "Kubernetes";
  private static final String VERSION = "v1.36.0";

  private final Catalog catalog;
  private final Map<String, SoftReference<Discovery.Document>> documents = new HashMap<>();
  private long generation = -1;

  /** Describes what {@code catalog} serves. */
  public OpenApi(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The document at {@code path}; empty when there is none. */
  public Optional<Discovery.Document> find(String path, Headers headers) {
    String clean = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return switch (clean) {
      case "/openapi/v2" -> Optional.of(wantsProtobuf(headers) ? protobuf() : json());
      case "/openapi/v3" -> Optional.of(cached("v3", this::index));
      default -> clean.startsWith("/openapi/v3/") ? group(clean.substring(12)) : Optional.empty();
    };
  }

  private static boolean wantsProtobuf(Headers headers) {
    String accept = headers.first("Accept").orElse("").toLowerCase(Locale.ROOT);
    return accept.contains("proto-openapi.spec.v2") || accept.contains("github.proto-openapi");
  }

  @FunctionalInterface
  private interface Builder {
    Discovery.Document build();
  }

  private synchronized Discovery.Document cached(String key, Builder builder) {
    long now = catalog.generation();
    if (now != generation) {
      documents.clear();
      generation = now;
    }
    SoftReference<Discovery.Document> known = documents.get(key);
    Discovery.Document document = known == null ? null : known.get();
    if (document == null) {
      document = builder.build();
      documents.put(key, new SoftReference<>(document));
    }
    return document;
  }

  private Discovery.Document json() {
    return cached("v2", () -> document("application/json", JsonCodec.writeTree(v2())));
  }

  private Discovery.Document protobuf() {
    return cached("v2.pb", () -> document(PROTOBUF, Gnostic.document(v2())));
  }

  private static Discovery.Document document(String mediaType, byte[] body) {
    CRC32 sum = new CRC32();
    sum.update(body);
    return new Discovery.Document(
        mediaType, body, "\"%08X%X\"".formatted(sum.getValue(), body.length));
  }

  private Map<String, Object> v2() {
    List<Resource> all = catalog.all();
    return Obj.tree(
        "swagger", "2.0",
        "info", Obj.tree("title", TITLE, "version", VERSION),
        "paths", Paths.of(all, Dialect.V2),
        "definitions", Definitions.of(all, Dialect.V2));
  }

  private static String place(Resource resource) {
    return (resource.group().isEmpty() ? "api/" : "apis/") + resource.apiVersion();
  }

  private Discovery.Document index() {
    Map<String, CRC32> sums = new LinkedHashMap<>();
    for (Resource resource : catalog.all()) {
      CRC32 sum = sums.computeIfAbsent(place(resource), _ -> new CRC32());
      String content =
          resource.plural()
              + resource.verbs()
              + resource.subresources()
              + resource.custom().schema();
      sum.update((VERSION + content).getBytes(StandardCharsets.UTF_8));
    }
    Map<String, Object> paths = new LinkedHashMap<>();
    sums.forEach(
        (place, sum) ->
            paths.put(
                place,
                Obj.tree(
                    "serverRelativeURL",
                    "/openapi/v3/%s?hash=%08X".formatted(place, sum.getValue()))));
    return document("application/json", JsonCodec.writeTree(Obj.tree("paths", paths)));
  }

  private Optional<Discovery.Document> group(String place) {
    List<Resource> resources =
        catalog.all().stream().filter(resource -> place(resource).equals(place)).toList();
    if (resources.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        cached(
            "v3/" + place,
            () ->
                document(
                    "application/json",
                    JsonCodec.writeTree(
                        Obj.tree(
                            "openapi", "3.0.0",
                            "info", Obj.tree("title", TITLE, "version", VERSION),
                            "paths", Paths.of(resources, Dialect.V3),
                            "components",
                                Obj.tree("schemas", Definitions.of(resources, Dialect.V3)))))));
  }
}
