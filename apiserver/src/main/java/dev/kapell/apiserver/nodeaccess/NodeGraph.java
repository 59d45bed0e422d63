package dev.kapell.apiserver.nodeaccess;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodStatus;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.apiserver.follow.Follower;
import dev.kapell.apiserver.references.PodReferences;
import dev.kapell.apiserver.references.Reference;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which objects the pods of each node lead to. Thread-safe.
 *
 * <pre>
 * node ◀── pod ──▶ secret, config map, service account, resource claim
 *           └────▶ claim ◀── volume ──▶ secret
 * </pre>
 */
public final class NodeGraph implements AutoCloseable {
  /**
   * A pod on a node.
   *
   * @param stamp tells whether its references can have changed
   */
  private record Placed(String node, String stamp, Set<Reference> references) {}

  /** A volume that is bound to a claim. */
  private record Bound(Reference claim, Set<Reference> secrets) {}

  private final Follower follower;
  private final Map<ObjectKey, Placed> pods = new HashMap<>();
  private final Map<String, Map<Reference, Integer>> uses = new HashMap<>();
  private final Map<String, Bound> volumes = new HashMap<>();
  private final Map<Reference, Set<String>> volumesBySecret = new HashMap<>();

  /** Reads through {@code client}; {@link #start} begins. */
  public NodeGraph(Client client, Clock clock) {
    this.follower = new Follower(client, clock, "node-graph");
  }

  /** Reads everything, then follows the changes. */
  public void start() {
    follower.follow(
        Types.POD,
        new Follower.Sink<Pod>() {
          @Override
          public void reset(List<Pod> all) {
            resetPods(all);
          }

          @Override
          public void put(Pod pod) {
            putPod(pod);
          }

          @Override
          public void remove(ObjectKey key) {
            removePod(key);
          }
        });
    follower.follow(
        Types.PERSISTENT_VOLUME,
        new Follower.Sink<PersistentVolume>() {
          @Override
          public void reset(List<PersistentVolume> all) {
            resetVolumes(all);
          }

          @Override
          public void put(PersistentVolume volume) {
            putVolume(volume);
          }

          @Override
          public void remove(ObjectKey key) {
            removeVolume(key.name());
          }
        });
  }

  /** Whether a pod of {@code node} leads to {@code object}. */
  synchronized boolean leads(String node, Reference object) {
    if (uses.getOrDefault(node, Map.of()).containsKey(object)) {
      return true;
    }
    if (object.resource().equals("persistentvolumes")) {
      return leadsToVolume(node, object.name());
    }
    return volumesBySecret.getOrDefault(object, Set.of()).stream()
        .anyMatch(volume -> leadsToVolume(node, volume));
  }

  private boolean leadsToVolume(String node, String volume) {
    Bound bound = volumes.get(volume);
    return bound != null && uses.getOrDefault(node, Map.of()).containsKey(bound.claim());
  }

  private synchronized void resetPods(List<Pod> all) {
    pods.clear();
    uses.clear();
    all.forEach(this::putPod);
  }

  synchronized void putPod(Pod pod) {
    ObjectKey key = ObjectKey.of(pod);
    String node = pod.spec().nodeNameOr("");
    // Of a pod on its node only these can still change what it refers to.
    String stamp =
        pod.metadata().uidOr("")
            + "/"
            + pod.spec().ephemeralContainers().size()
            + "/"
            + pod.status().resourceClaimStatuses().size();
    Placed known = pods.get(key);
    if (known != null && known.node().equals(node) && known.stamp().equals(stamp)) {
      return;
    }
    removePod(key);
    if (node.isEmpty()) {
      return;
    }
    Set<Reference> references = new HashSet<>(PodReferences.of(referring(pod)));
    references.add(new Reference("pods", key.namespace(), key.name()));
    pods.put(key, new Placed(node, stamp, references));
    Map<Reference, Integer> counts = uses.computeIfAbsent(node, _ -> new HashMap<>());
    references.forEach(reference -> counts.merge(reference, 1, Integer::sum));
  }

  /** What of a pod can refer to something: the smaller part. */
  private static Obj referring(Pod pod) {
    return tree(
        Pod.CODEC,
        Pod.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(pod.metadata().name())
                    .namespace(pod.metadata().namespace())
                    .build())
            .spec(pod.spec())
            .status(
                PodStatus.builder()
                    .resourceClaimStatuses(pod.status().resourceClaimStatuses())
                    .build())
            .build());
  }

  synchronized void removePod(ObjectKey key) {
    Placed gone = pods.remove(key);
    if (gone == null) {
      return;
    }
    Map<Reference, Integer> counts = uses.getOrDefault(gone.node(), new HashMap<>());
    for (Reference reference : gone.references()) {
      counts.computeIfPresent(reference, (_, count) -> decremented(count));
    }
    if (counts.isEmpty()) {
      uses.remove(gone.node());
    }
  }

  private static @Nullable Integer decremented(int count) {
    return count == 1 ? null : Integer.valueOf(count - 1);
  }

  private synchronized void resetVolumes(List<PersistentVolume> all) {
    volumes.clear();
    volumesBySecret.clear();
    all.forEach(this::putVolume);
  }

  synchronized void putVolume(PersistentVolume volume) {
    String name = volume.metadata().nameOr("");
    removeVolume(name);
    Obj tree = tree(PersistentVolume.CODEC, volume);
    Obj claim = tree.child("spec").child("claimRef");
    if (claim.text("name").isEmpty()) {
      return;
    }
    Reference claimed =
        new Reference("persistentvolumeclaims", claim.text("namespace"), claim.text("name"));
    Set<Reference> secrets = PodReferences.ofVolume(tree);
    volumes.put(name, new Bound(claimed, secrets));
    secrets.forEach(
        secret -> volumesBySecret.computeIfAbsent(secret, _ -> new HashSet<>()).add(name));
  }

  synchronized void removeVolume(String name) {
    Bound gone = volumes.remove(name);
    if (gone == null) {
      return;
    }
    for (Reference secret : gone.secrets()) {
      Set<String> users = volumesBySecret.getOrDefault(secret, new HashSet<>());
      users.remove(name);
      if (users.isEmpty()) {
        volumesBySecret.remove(secret);
      }
    }
  }

  @SuppressWarnings("unchecked") // objects are trees with text keys
  private static <T extends ApiObject> Obj tree(Codec<T> codec, T object) {
    return JsonCodec.toTree(codec, object) instanceof Map<?, ?> map
        ? Obj.root((Map<String, Object>) map)
        : Obj.root(Map.of());
  }

  @Override
  public void close() {
    follower.close();
  }
}
