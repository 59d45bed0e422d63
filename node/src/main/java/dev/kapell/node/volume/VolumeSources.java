package dev.kapell.node.volume;

import dev.kapell.api.certificates.v1beta1.ClusterTrustBundle;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.node.config.PodFacts;
import dev.kapell.node.config.Sources;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What volumes are filled from. May do I/O. */
public interface VolumeSources extends Sources {
  /** A claim as it is now. */
  Optional<PersistentVolumeClaim> claim(String namespace, String name);

  /** A volume as it is now. */
  Optional<PersistentVolume> volume(String name);

  /** All trust bundles as they are now. */
  List<ClusterTrustBundle> trustBundles();

  /** A new token of the pod's service account, bound to the pod. */
  Token token(PodFacts pod, String audience, long seconds);

  /** A token and its end. */
  record Token(String text, Instant expires) {
    @Override
    public String toString() {
      return "Token[expires=" + expires + "]";
    }
  }
}
