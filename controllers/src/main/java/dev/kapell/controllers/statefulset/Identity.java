package dev.kapell.controllers.statefulset;

import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeClaimVolumeSource;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.controllers.history.History;
import dev.kapell.controllers.workload.Pods;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The pod and the claims that belong to one number of a StatefulSet. Pure. */
final class Identity {
  private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
  private static final String POD_INDEX = "apps.kubernetes.io/pod-index";

  private Identity() {}

  static String podName(StatefulSet set, int ordinal) {
    return set.metadata().nameOr("") + "-" + ordinal;
  }

  /** The number of a pod; empty when its name is none of this set's. */
  static OptionalInt ordinal(StatefulSet set, Pod pod) {
    return number(pod.metadata().nameOr(""), set.metadata().nameOr("") + "-");
  }

  /** The number after {@code prefix}, as this class writes it: not 01, not +1. */
  private static OptionalInt number(String name, String prefix) {
    String digits = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
    return digits.matches("0|[1-9][0-9]{0,8}")
        ? OptionalInt.of(Integer.parseInt(digits))
        : OptionalInt.empty();
  }

  static Pod pod(StatefulSet set, int ordinal, PodTemplateSpec template, String revision) {
    String name = podName(set, ordinal);
    Pod base = Pods.fromTemplate(template, set);
    Map<String, String> labels = new LinkedHashMap<>(base.metadata().labels());
    labels.put(POD_NAME, name);
    labels.put(POD_INDEX, Integer.toString(ordinal));
    labels.put(History.HASH, revision);
    ObjectMeta meta = base.metadata().withGenerateName(null).withName(name).withLabels(labels);
    PodSpec spec =
        base.spec()
            .withHostname(name)
            .withSubdomain(set.spec().serviceName())
            .withVolumes(volumes(set, ordinal, base.spec()));
    return base.withMetadata(meta).withSpec(spec);
  }

  /** The claims take the place of volumes of the template by the same name. */
  private static List<Volume> volumes(StatefulSet set, int ordinal, PodSpec spec) {
    List<Volume> volumes = new ArrayList<>();
    for (PersistentVolumeClaim template : set.spec().volumeClaimTemplates()) {
      volumes.add(
          Volume.builder()
              .name(template.metadata().name())
              .persistentVolumeClaim(
                  PersistentVolumeClaimVolumeSource.builder()
                      .claimName(claimName(set, ordinal, template))
                      .build())
              .build());
    }
    for (Volume volume : spec.volumes()) {
      if (volumes.stream().noneMatch(v -> v.nameOr("").equals(volume.nameOr("?")))) {
        volumes.add(volume);
      }
    }
    return volumes;
  }

  static String claimName(StatefulSet set, int ordinal, PersistentVolumeClaim template) {
    return template.metadata().nameOr("") + "-" + podName(set, ordinal);
  }

  static List<PersistentVolumeClaim> claims(StatefulSet set, int ordinal) {
    List<PersistentVolumeClaim> claims = new ArrayList<>();
    for (PersistentVolumeClaim template : set.spec().volumeClaimTemplates()) {
      Map<String, String> labels = new LinkedHashMap<>(template.metadata().labels());
      if (set.spec().selector() != null) {
        labels.putAll(set.spec().selector().matchLabels());
      }
      ObjectMeta meta =
          ObjectMeta.builder()
              .name(claimName(set, ordinal, template))
              .namespace(set.metadata().namespace())
              .labels(labels)
              .annotations(template.metadata().annotations())
              .build();
      claims.add(PersistentVolumeClaim.builder().metadata(meta).spec(template.spec()).build());
    }
    return claims;
  }

  /** Whether a claim of this name is one of this set's. */
  static boolean hasClaim(StatefulSet set, String name) {
    String middle = "-" + set.metadata().nameOr("") + "-";
    return set.spec().volumeClaimTemplates().stream()
        .map(template -> template.metadata().nameOr("") + middle)
        .anyMatch(prefix -> name.startsWith(prefix) && number(name, prefix).isPresent());
  }

  /** The pod with the labels that tell its number, which somebody may have taken off. */
  static Pod labeled(StatefulSet set, int ordinal, Pod pod) {
    Map<String, String> labels = new LinkedHashMap<>(pod.metadata().labels());
    labels.put(POD_NAME, podName(set, ordinal));
    labels.put(POD_INDEX, Integer.toString(ordinal));
    return pod.withMetadata(pod.metadata().withLabels(labels));
  }
}
