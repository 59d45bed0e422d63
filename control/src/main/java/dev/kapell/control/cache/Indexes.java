package dev.kapell.control.cache;

import dev.kapell.api.ApiObject;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.List;

/** The indexes that several loops share. */
public final class Indexes {
  /** By namespace; empty for cluster-scoped objects. */
  public static final Index.Keys<ApiObject, String> BY_NAMESPACE =
      object -> List.of(object.metadata().namespaceOr(""));

  /** By the uid of each owner. */
  public static final Index.Keys<ApiObject, String> BY_OWNER_UID = Indexes::ownerUids;

  /** By the uid of the managing owner. */
  public static final Index.Keys<ApiObject, String> BY_CONTROLLER_UID = Indexes::controllerUid;

  /** By uid. */
  public static final Index.Keys<ApiObject, String> BY_UID =
      object -> List.of(object.metadata().uidOr(""));

  /** Pods by the node that they are bound to; unbound ones are under the empty name. */
  public static final Index.Keys<Pod, String> PODS_BY_NODE =
      pod -> List.of(pod.spec().nodeNameOr(""));

  private Indexes() {}

  private static List<String> ownerUids(ApiObject object) {
    List<OwnerReference> owners = object.metadata().ownerReferences();
    if (owners.isEmpty()) {
      return List.of();
    }
    List<String> uids = new ArrayList<>(owners.size());
    for (OwnerReference owner : owners) {
      uids.add(owner.uidOr(""));
    }
    return uids;
  }

  private static List<String> controllerUid(ApiObject object) {
    for (OwnerReference owner : object.metadata().ownerReferences()) {
      if (owner.controllerOr(false)) {
        return List.of(owner.uidOr(""));
      }
    }
    return List.of();
  }
}
