package dev.kapell.controllers.volume;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Index;
import java.util.ArrayList;
import java.util.List;

/** Which claims pods use. Pure. */
public final class PodClaims {
  /** Pods by the claims that they use. */
  public static final Index.Keys<Pod, ObjectKey> BY_CLAIM = PodClaims::of;

  private PodClaims() {}

  /** The claims of a pod's volumes, those of ephemeral volumes too. */
  public static List<ObjectKey> of(Pod pod) {
    List<Volume> volumes = pod.spec().volumes();
    if (volumes.isEmpty()) {
      return List.of();
    }
    String namespace = pod.metadata().namespaceOr("");
    List<ObjectKey> claims = new ArrayList<>();
    for (Volume volume : volumes) {
      if (volume.persistentVolumeClaim() != null) {
        claims.add(new ObjectKey(namespace, volume.persistentVolumeClaim().claimNameOr("")));
      } else if (volume.ephemeral() != null) {
        claims.add(new ObjectKey(namespace, ofEphemeral(pod, volume)));
      }
    }
    return claims;
  }

  /** The name of the claim behind an ephemeral volume. */
  public static String ofEphemeral(Pod pod, Volume volume) {
    return pod.metadata().nameOr("") + "-" + volume.nameOr("");
  }
}
