package dev.kapell.controllers.localpath;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.LocalVolumeSource;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.NodeSelectorRequirement;
import dev.kapell.api.core.v1.NodeSelectorTerm;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeSpec;
import dev.kapell.api.core.v1.TopologySelectorTerm;
import dev.kapell.api.core.v1.VolumeNodeAffinity;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.storage.LocalStorage;
import dev.kapell.controllers.volume.Asked;
import dev.kapell.controllers.volume.Marks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes volumes for claims, and larger ones of them. Pure. */
final class Provision {
  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final Set<String> MODES = Set.of("ReadWriteOnce", "ReadWriteOncePod");

  private Provision() {}

  /**
   * A claim that is ours.
   *
   * @param volume that it names, or that was made for it
   * @param node that the scheduler has chosen
   */
  record Seen(
      PersistentVolumeClaim claim,
      Optional<PersistentVolume> volume,
      Optional<StorageClass> storageClass,
      Optional<Node> node) {}

  static Plan next(Seen seen) {
    if (seen.claim().metadata().deletionTimestamp() != null) {
      return Plan.NOTHING;
    }
    if (seen.volume().isPresent()) {
      return seen.claim().status().phaseOr("").equals("Bound")
          ? expand(seen.claim(), seen.volume().get())
          : Plan.NOTHING;
    }
    boolean wanted =
        seen.claim().spec().volumeNameOr("").isEmpty()
            && LocalStorage.PROVISIONER.equals(mark(seen.claim(), Marks.PROVISIONER));
    return wanted && seen.storageClass().isPresent()
        ? provision(seen, seen.storageClass().get())
        : Plan.NOTHING;
  }

  private static String mark(PersistentVolumeClaim claim, String name) {
    return claim.metadata().annotations().getOrDefault(name, "");
  }

  private static Plan provision(Seen seen, StorageClass storageClass) {
    PersistentVolumeClaim claim = seen.claim();
    Optional<String> refusal = refusal(claim);
    if (refusal.isPresent()) {
      return failed(claim, storageClass, refusal.get());
    }
    if (seen.node().isEmpty()) {
      return mark(claim, Marks.SELECTED_NODE).isEmpty()
          ? failed(
              claim,
              storageClass,
              "a local volume needs a class with volumeBindingMode WaitForFirstConsumer, so that a"
                  + " pod says on which node it has to be")
          : reschedule(claim, "the node is not there");
    }
    Node node = seen.node().get();
    if (!allows(storageClass.allowedTopologies(), node)) {
      return reschedule(
          claim, "the class does not allow volumes on node " + node.metadata().nameOr(""));
    }
    PersistentVolume volume = volume(claim, storageClass, node);
    String name = volume.metadata().nameOr("");
    return Plan.of(
        Change.tell(
            claim,
            "Provisioning",
            "External provisioner is provisioning volume for claim \""
                + claim.metadata().namespaceOr("")
                + "/"
                + claim.metadata().nameOr("")
                + "\""),
        Change.create(Types.PERSISTENT_VOLUME, volume, "a claim without a volume"),
        Change.tell(claim, "ProvisioningSucceeded", "Successfully provisioned volume " + name));
  }

  /** What a folder cannot give. */
  private static Optional<String> refusal(PersistentVolumeClaim claim) {
    Asked asked = Asked.of(claim);
    if (!MODES.containsAll(asked.accessModes())) {
      return Optional.of(
          "a local volume is on one node: access modes other than ReadWriteOnce and"
              + " ReadWriteOncePod are not supported");
    }
    if (asked.volumeMode().equals("Block")) {
      return Optional.of("raw block volumes are not supported: use volumeMode Filesystem");
    }
    if (asked.selector() != null) {
      return Optional.of("claim.spec.selector is not supported for volumes that are made");
    }
    if (claim.spec().dataSource() != null || claim.spec().dataSourceRef() != null) {
      return Optional.of("volumes are not filled from other objects: leave out spec.dataSource");
    }
    return Optional.empty();
  }

  private static Plan failed(PersistentVolumeClaim claim, StorageClass storageClass, String why) {
    return Plan.of(
        Change.warn(
            claim,
            "ProvisioningFailed",
            "failed to provision volume with StorageClass \""
                + storageClass.metadata().nameOr("")
                + "\": "
                + why));
  }

  /** The scheduler may choose another node. */
  private static Plan reschedule(PersistentVolumeClaim claim, String why) {
    Map<String, String> marks = new LinkedHashMap<>(claim.metadata().annotations());
    marks.remove(Marks.SELECTED_NODE);
    return Plan.of(
        Change.update(
            Types.PERSISTENT_VOLUME_CLAIM,
            claim,
            claim.withMetadata(claim.metadata().withAnnotations(marks)),
            why),
        Change.warn(claim, "ProvisioningFailed", "another node is needed: " + why));
  }

  private static boolean allows(List<TopologySelectorTerm> terms, Node node) {
    Map<String, String> labels = node.metadata().labels();
    return terms.isEmpty()
        || terms.stream()
            .anyMatch(
                term ->
                    term.matchLabelExpressions().stream()
                        .allMatch(
                            each ->
                                each.values().contains(labels.getOrDefault(each.keyOr(""), ""))));
  }

  private static PersistentVolume volume(
      PersistentVolumeClaim claim, StorageClass storageClass, Node node) {
    String name = nameFor(claim);
    Asked asked = Asked.of(claim);
    ObjectMeta meta = claim.metadata();
    String path =
        root(storageClass, node)
            + "/"
            + LocalStorage.folderName(name, meta.namespaceOr(""), meta.nameOr(""));
    return PersistentVolume.builder()
        .metadata(
            ObjectMeta.builder()
                .name(name)
                .annotations(Map.of(Marks.PROVISIONED_BY, LocalStorage.PROVISIONER))
                .finalizers(List.of(LocalStorage.FINALIZER))
                .build())
        .spec(
            PersistentVolumeSpec.builder()
                .accessModes(asked.accessModes())
                .capacity(Map.of("storage", asked.storage()))
                .storageClassName(asked.className())
                .persistentVolumeReclaimPolicy(storageClass.reclaimPolicyOr("Delete"))
                .mountOptions(storageClass.mountOptions())
                .volumeMode(asked.volumeMode())
                .claimRef(
                    ObjectReference.builder()
                        .kind("PersistentVolumeClaim")
                        .apiVersion("v1")
                        .namespace(meta.namespace())
                        .name(meta.name())
                        .uid(meta.uid())
                        .build())
                .local(LocalVolumeSource.builder().path(path).build())
                .nodeAffinity(onlyOn(node))
                .build())
        .build();
  }

  /** The name of the volume that is made for a claim. */
  static String nameFor(PersistentVolumeClaim claim) {
    return "pvc-" + claim.metadata().uidOr("");
  }

  private static String root(StorageClass storageClass, Node node) {
    String ofNode =
        node.metadata().annotations().getOrDefault(LocalStorage.ROOT, LocalStorage.DEFAULT_ROOT);
    return storageClass.parameters().getOrDefault("path", ofNode);
  }

  private static VolumeNodeAffinity onlyOn(Node node) {
    String hostname = node.metadata().labels().getOrDefault(HOSTNAME, node.metadata().nameOr(""));
    NodeSelectorRequirement here =
        NodeSelectorRequirement.builder()
            .key(HOSTNAME)
            .operator("In")
            .values(List.of(hostname))
            .build();
    return VolumeNodeAffinity.builder()
        .required(
            NodeSelector.builder()
                .nodeSelectorTerms(
                    List.of(NodeSelectorTerm.builder().matchExpressions(List.of(here)).build()))
                .build())
        .build();
  }

  /** A folder has room for whatever the disk has: growing is a matter of the objects. */
  private static Plan expand(PersistentVolumeClaim claim, PersistentVolume volume) {
    Quantity asked = Asked.of(claim).storage();
    Quantity has = claim.status().capacity().getOrDefault("storage", Quantity.ZERO);
    if (!LocalStorage.isOurs(volume) || asked.compareTo(has) <= 0) {
      return Plan.NOTHING;
    }
    if (Asked.capacity(volume).compareTo(asked) < 0) {
      PersistentVolume larger =
          volume.withSpec(volume.spec().withCapacity(Map.of("storage", asked)));
      return Plan.of(
          Change.update(Types.PERSISTENT_VOLUME, volume, larger, "its claim asks for more"));
    }
    Map<String, Quantity> capacity = new LinkedHashMap<>(claim.status().capacity());
    capacity.put("storage", Asked.capacity(volume));
    PersistentVolumeClaim grown =
        claim.withStatus(
            claim
                .status()
                .withCapacity(capacity)
                .withConditions(
                    claim.status().conditions().stream()
                        .filter(each -> !each.typeOr("").contains("Resiz"))
                        .toList()));
    return Plan.of(
        Change.updateStatus(Types.PERSISTENT_VOLUME_CLAIM, claim, grown, "its volume has grown"),
        Change.tell(claim, "VolumeResizeSuccessful", "Resize volume succeeded"));
  }
}
