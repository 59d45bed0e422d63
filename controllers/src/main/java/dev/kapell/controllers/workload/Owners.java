package dev.kapell.controllers.workload;

import dev.kapell.api.ApiObject;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who manages whom. Pure. */
public final class Owners {
  private Owners() {}

  /** The reference that makes {@code owner} the managing owner. */
  public static OwnerReference reference(ApiObject owner) {
    return OwnerReference.builder()
        .apiVersion(owner.apiVersion())
        .kind(owner.kind())
        .name(owner.metadata().nameOr(""))
        .uid(owner.metadata().uidOr(""))
        .controller(true)
        .blockOwnerDeletion(true)
        .build();
  }

  /** The managing owner of {@code object}. */
  public static Optional<OwnerReference> controllerOf(ApiObject object) {
    for (OwnerReference reference : object.metadata().ownerReferences()) {
      if (reference.controllerOr(false)) {
        return Optional.of(reference);
      }
    }
    return Optional.empty();
  }

  /** The uid of the managing owner, or empty text. */
  public static String controllerUid(ApiObject object) {
    return controllerOf(object).map(r -> r.uidOr("")).orElse("");
  }

  /** {@code owner} manages {@code object}. */
  public static boolean isManagedBy(ApiObject object, ApiObject owner) {
    return controllerUid(object).equals(owner.metadata().uidOr("?"));
  }

  static ObjectMeta adopted(ObjectMeta meta, ApiObject owner) {
    List<OwnerReference> references = new ArrayList<>(meta.ownerReferences());
    references.add(reference(owner));
    return meta.withOwnerReferences(references);
  }

  static ObjectMeta released(ObjectMeta meta, ApiObject owner) {
    List<OwnerReference> references = new ArrayList<>(meta.ownerReferences());
    references.removeIf(r -> r.uidOr("").equals(owner.metadata().uidOr("?")));
    return meta.withOwnerReferences(references);
  }
}
