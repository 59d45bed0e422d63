package dev.kapell.apiserver.defaulting;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/** Pods and pod templates (reference: Workload Resources, Pod). */
final class PodDefaults {
  private static final long MODE_0644 = 420;
  private static final long TOKEN_LIFETIME_SECONDS = 3600;

  private PodDefaults() {}

  static void pod(Obj pod) {
    Obj spec = pod.make("spec");
    spec.fill("enableServiceLinks", true);
    for (String containers : List.of("containers", "initContainers")) {
      spec.items(containers).forEach(PodDefaults::requestsFromLimits);
    }
    spec(spec);
  }

  static void template(Obj template) {
    spec(template.make("spec"));
  }

  private static void spec(Obj spec) {
    spec.fill("restartPolicy", "Always")
        .fill("dnsPolicy", "ClusterFirst")
        .fill("schedulerName", "default-scheduler")
        .fill("terminationGracePeriodSeconds", 30L);
    spec.make("securityContext");
    // The deprecated name follows the one that replaced it, whichever the client used.
    if (!spec.text("serviceAccountName").isEmpty()) {
      spec.put("serviceAccount", spec.text("serviceAccountName"));
    } else if (!spec.text("serviceAccount").isEmpty()) {
      spec.put("serviceAccountName", spec.text("serviceAccount"));
    }
    for (String containers : List.of("containers", "initContainers", "ephemeralContainers")) {
      spec.items(containers).forEach(container -> container(container, spec.flag("hostNetwork")));
    }
    spec.items("volumes").forEach(PodDefaults::volume);
    spec.items("topologySpreadConstraints");
  }

  private static void container(Obj container, boolean hostNetwork) {
    container
        .fill("terminationMessagePath", "/dev/termination-log")
        .fill("terminationMessagePolicy", "File");
    if (!container.has("imagePullPolicy")) {
      container.put("imagePullPolicy", pullPolicy(container.text("image")));
    }
    container.make("resources");
    for (Obj port : container.items("ports")) {
      port.fill("protocol", "TCP");
      if (hostNetwork && port.has("containerPort")) {
        port.fill("hostPort", port.number("containerPort", 0));
      }
    }
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      container.find(probe).ifPresent(PodDefaults::probe);
    }
    Obj lifecycle = container.child("lifecycle");
    lifecycle.child("postStart").find("httpGet").ifPresent(PodDefaults::httpGet);
    lifecycle.child("preStop").find("httpGet").ifPresent(PodDefaults::httpGet);
    for (Obj env : container.items("env")) {
      env.child("valueFrom").find("fieldRef").ifPresent(ref -> ref.fill("apiVersion", "v1"));
    }
  }

  /** {@code latest}, or no tag at all, is fetched each time; anything else once. */
  static String pullPolicy(String image) {
    return ImageTag.of(image).equals("latest") ? "Always" : "IfNotPresent";
  }

  private static void probe(Obj probe) {
    probe
        .fill("timeoutSeconds", 1L)
        .fill("periodSeconds", 10L)
        .fill("successThreshold", 1L)
        .fill("failureThreshold", 3L);
    probe.find("httpGet").ifPresent(PodDefaults::httpGet);
    probe.find("grpc").ifPresent(grpc -> grpc.fill("service", ""));
  }

  private static void httpGet(Obj action) {
    action.fill("path", "/").fill("scheme", "HTTP");
  }

  private static void requestsFromLimits(Obj container) {
    container
        .child("resources")
        .find("limits")
        .ifPresent(
            limits -> {
              Obj requests = container.make("resources").make("requests");
              limits.map().forEach(requests::fill);
            });
  }

  private static void volume(Obj volume) {
    if (volume.map().size() <= 1) {
      volume.make("emptyDir");
    }
    for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
      volume.find(source).ifPresent(found -> found.fill("defaultMode", MODE_0644));
    }
    StorageDefaults.sources(volume);
    downwardItems(volume.child("downwardAPI"));
    for (Obj source : volume.child("projected").items("sources")) {
      source
          .find("serviceAccountToken")
          .ifPresent(token -> token.fill("expirationSeconds", TOKEN_LIFETIME_SECONDS));
      downwardItems(source.child("downwardAPI"));
    }
    volume
        .child("ephemeral")
        .child("volumeClaimTemplate")
        .find("spec")
        .ifPresent(claim -> claim.fill("volumeMode", "Filesystem"));
  }

  private static void downwardItems(Obj source) {
    for (Obj item : source.items("items")) {
      item.find("fieldRef").ifPresent(ref -> ref.fill("apiVersion", "v1"));
    }
  }
}
