package dev.kapell.apiserver.references;

import dev.kapell.apiserver.tree.Obj;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What pods and persistent volumes refer to: secrets, config maps, claims, accounts. */
public final class PodReferences {
  /** Volume sources that name a secret, and the field that does. */
  private static final List<String[]> SECRET_VOLUMES =
      steps(
          "secret.secretName",
          "azureFile.secretName",
          "cephfs.secretRef.name",
          "cinder.secretRef.name",
          "csi.nodePublishSecretRef.name",
          "flexVolume.secretRef.name",
          "iscsi.secretRef.name",
          "rbd.secretRef.name",
          "scaleIO.secretRef.name",
          "storageos.secretRef.name");

  /** The same of persistent volumes. */
  private static final List<String> VOLUME_SECRETS =
      List.of(
          "azureFile.secret",
          "cephfs.secretRef.",
          "cinder.secretRef.",
          "csi.controllerExpandSecretRef.",
          "csi.controllerPublishSecretRef.",
          "csi.nodeExpandSecretRef.",
          "csi.nodePublishSecretRef.",
          "csi.nodeStageSecretRef.",
          "flexVolume.secretRef.",
          "iscsi.secretRef.",
          "rbd.secretRef.",
          "scaleIO.secretRef.",
          "storageos.secretRef.");

  private static final List<String> CONTAINERS =
      List.of("initContainers", "containers", "ephemeralContainers");

  private final String namespace;
  private final Set<Reference> found = new LinkedHashSet<>();

  private PodReferences(String namespace) {
    this.namespace = namespace;
  }

  /**
   * All that a pod refers to: of the resources {@code secrets}, {@code configmaps}, {@code
   * persistentvolumeclaims}, {@code resourceclaims} and {@code serviceaccounts}.
   */
  public static Set<Reference> of(Obj pod) {
    Obj metadata = pod.child("metadata");
    PodReferences references = new PodReferences(metadata.text("namespace"));
    references.spec(pod.child("spec"), metadata.text("name"));
    for (Obj claim : pod.child("status").items("resourceClaimStatuses")) {
      references.add("resourceclaims", claim.text("resourceClaimName"));
    }
    return references.found;
  }

  /** The secrets that a persistent volume refers to. */
  public static Set<Reference> ofVolume(Obj volume) {
    Obj spec = volume.child("spec");
    Set<Reference> secrets = new LinkedHashSet<>();
    for (String path : VOLUME_SECRETS) {
      String name = text(spec, steps(path.endsWith(".") ? path + "name" : path + "Name"));
      String namespace =
          text(spec, steps(path.endsWith(".") ? path + "namespace" : path + "Namespace"));
      if (!name.isEmpty()) {
        String usual = spec.child("claimRef").text("namespace");
        secrets.add(new Reference("secrets", namespace.isEmpty() ? usual : namespace, name));
      }
    }
    return secrets;
  }

  private void spec(Obj spec, String pod) {
    add("serviceaccounts", spec.text("serviceAccountName"));
    spec.items("imagePullSecrets").forEach(secret -> add("secrets", secret.text("name")));
    for (String list : CONTAINERS) {
      spec.items(list).forEach(this::container);
    }
    spec.items("volumes").forEach(volume -> volume(volume, pod));
    for (Obj claim : spec.items("resourceClaims")) {
      add("resourceclaims", claim.text("resourceClaimName"));
    }
  }

  private void container(Obj container) {
    for (Obj source : container.items("envFrom")) {
      add("secrets", source.child("secretRef").text("name"));
      add("configmaps", source.child("configMapRef").text("name"));
    }
    for (Obj variable : container.items("env")) {
      Obj from = variable.child("valueFrom");
      add("secrets", from.child("secretKeyRef").text("name"));
      add("configmaps", from.child("configMapKeyRef").text("name"));
    }
  }

  private void volume(Obj volume, String pod) {
    SECRET_VOLUMES.forEach(steps -> add("secrets", text(volume, steps)));
    add("configmaps", volume.child("configMap").text("name"));
    add("persistentvolumeclaims", volume.child("persistentVolumeClaim").text("claimName"));
    if (volume.has("ephemeral")) {
      add("persistentvolumeclaims", pod + "-" + volume.text("name"));
    }
    for (Obj source : volume.child("projected").items("sources")) {
      add("secrets", source.child("secret").text("name"));
      add("configmaps", source.child("configMap").text("name"));
    }
  }

  private void add(String resource, String name) {
    if (!name.isEmpty()) {
      found.add(new Reference(resource, namespace, name));
    }
  }

  /** Dotted paths taken apart. */
  private static List<String[]> steps(String... paths) {
    return Arrays.stream(paths).map(PodReferences::steps).toList();
  }

  private static String[] steps(String path) {
    return path.split("\\.", -1);
  }

  private static String text(Obj object, String[] steps) {
    Obj at = object;
    for (int i = 0; i < steps.length - 1; i++) {
      at = at.child(steps[i]);
    }
    return at.text(steps[steps.length - 1]);
  }
}
