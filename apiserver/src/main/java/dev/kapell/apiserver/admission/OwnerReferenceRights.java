package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who makes an object go with its owner must be allowed to delete it; who makes it hold up its
 * owner's deletion must be allowed to set the owner's finalizers.
 */
final class OwnerReferenceRights implements Admission {
  private static final String BLOCKS = "blockOwnerDeletion";

  private final Rights rights;
  private final Catalog catalog;

  OwnerReferenceRights(Rights rights, Catalog catalog) {
    this.rights = rights;
    this.catalog = catalog;
  }

  @Override
  public void validate(Attempt attempt, Obj object) {
    boolean writes =
        attempt.operation() == Operation.CREATE || attempt.operation() == Operation.UPDATE;
    boolean podStatus =
        attempt.resource().qualifiedName().equals("pods") && attempt.subresource().equals("status");
    if (!writes || podStatus) {
      return;
    }
    Obj metadata = object.child("metadata");
    List<Obj> before =
        attempt.old().map(old -> old.child("metadata").items("ownerReferences")).orElse(List.of());
    List<Obj> owners = metadata.items("ownerReferences");
    if (owners.stream().map(Obj::map).toList().equals(before.stream().map(Obj::map).toList())) {
      return;
    }
    User user = attempt.request().user();
    Target target = attempt.request().target().named(metadata.text("name"));
    Decision delete = rights.decide(user, Action.on("delete", target));
    if (!delete.allowed()) {
      throw refused(
          attempt, metadata, "cannot set an ownerRef on a resource you can't delete: ", delete);
    }
    Set<String> blocked = new HashSet<>();
    before.stream().filter(owner -> owner.flag(BLOCKS)).forEach(o -> blocked.add(o.text("uid")));
    for (Obj owner : owners) {
      if (owner.flag(BLOCKS) && !blocked.contains(owner.text("uid"))) {
        requireFinalizers(attempt, metadata, owner);
      }
    }
  }

  private void requireFinalizers(Attempt attempt, Obj metadata, Obj owner) {
    List<Resource> resources =
        catalog.all().stream()
            .filter(
                each ->
                    each.apiVersion().equals(owner.text("apiVersion"))
                        && each.kind().equals(owner.text("kind")))
            .toList();
    if (resources.isEmpty()) {
      throw Failures.forbidden(
          attempt.resource(),
          metadata.text("name"),
          "cannot set blockOwnerDeletion in this case because cannot find RESTMapping for"
              + " APIVersion "
              + owner.text("apiVersion")
              + " Kind "
              + owner.text("kind")
              + ": no matches for kind \""
              + owner.text("kind")
              + "\" in version \""
              + owner.text("apiVersion")
              + "\"");
    }
    for (Resource resource : resources) {
      Target finalizers =
          new Target(
              resource.group(),
              resource.version(),
              resource.plural(),
              resource.namespaced() ? attempt.namespace() : "",
              owner.text("name"),
              "finalizers");
      Decision decision = rights.decide(attempt.request().user(), Action.on("update", finalizers));
      if (!decision.allowed()) {
        throw refused(
            attempt,
            metadata,
            "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set"
                + " finalizers on: ",
            decision);
      }
    }
  }

  private static ApiFailure refused(Attempt attempt, Obj metadata, String why, Decision decision) {
    String error = decision.error().isEmpty() ? "<nil>" : decision.error();
    return Failures.forbidden(
        attempt.resource(), metadata.text("name"), why + decision.reason() + ", " + error);
  }
}
