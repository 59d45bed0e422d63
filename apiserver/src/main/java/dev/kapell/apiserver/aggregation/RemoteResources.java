package dev.kapell.apiserver.aggregation;

import dev.kapell.api.GroupVersion;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An {@code APIResourceList} of another server as resources of the catalog. Pure. */
final class RemoteResources {
  private RemoteResources() {}

  static List<Resource> of(RemoteApi api, Obj list) {
    List<Obj> entries = list.items("resources");
    List<Resource> resources = new ArrayList<>();
    for (Obj entry : entries) {
      if (entry.text("name").indexOf('/') < 0) {
        resources.add(resource(api, entry, entries));
      }
    }
    return resources;
  }

  private static Resource resource(RemoteApi api, Obj entry, List<Obj> all) {
    String prefix = entry.text("name") + "/";
    List<Resource.Subresource> subresources =
        all.stream()
            .filter(each -> each.text("name").startsWith(prefix))
            .map(each -> subresource(each, prefix))
            .toList();
    return new Resource(
        api.group(),
        api.version(),
        entry.text("kind"),
        entry.text("name"),
        entry.text("singularName"),
        entry.flag("namespaced"),
        entry.texts("shortNames"),
        entry.texts("categories"),
        entry.texts("verbs"),
        subresources,
        Optional.empty(),
        Resource.Custom.NONE);
  }

  private static Resource.Subresource subresource(Obj entry, String prefix) {
    String version = entry.text("version");
    String apiVersion =
        version.isEmpty() ? "" : new GroupVersion(entry.text("group"), version).toString();
    return new Resource.Subresource(
        entry.text("name").substring(prefix.length()),
        apiVersion,
        entry.text("kind"),
        entry.texts("verbs"));
  }
}
