package dev.kapell.apiserver.podsecurity;

import static dev.kapell.apiserver.podsecurity.PodForm.security;

import dev.kapell.apiserver.podsecurity.Check.Violation;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the level {@code restricted} forbids beyond the baseline. */
final class RestrictedChecks {
  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret");

  private static final Check ESCALATION =
      Check.restricted("allowPrivilegeEscalation", 8, RestrictedChecks::escalation);
  private static final Check CAPABILITIES =
      Check.restricted("capabilities_restricted", 22, RestrictedChecks::capabilities)
          .insteadOf("capabilities_baseline");
  private static final Check NON_ROOT =
      Check.restricted("runAsNonRoot", 0, RestrictedChecks::nonRoot);
  private static final Check USER = Check.restricted("runAsUser", 23, RestrictedChecks::user);
  private static final Check SECCOMP =
      Check.restricted("seccompProfile_restricted", 19, RestrictedChecks::seccomp)
          .insteadOf("seccompProfile_baseline");

  static final List<Check> ALL =
      List.of(
          ESCALATION.before(25),
          ESCALATION.notOnWindows().from(25),
          CAPABILITIES.before(25),
          CAPABILITIES.notOnWindows().from(25),
          Check.restricted("procMount_restricted", 35, BaselineChecks::procMount)
              .insteadOf("procMount"),
          Check.restricted("restrictedVolumes", 0, RestrictedChecks::volumes)
              .insteadOf("hostPathVolumes"),
          NON_ROOT.before(35),
          NON_ROOT.unlessOwnUsers().from(35),
          USER.before(35),
          USER.unlessOwnUsers().from(35),
          SECCOMP.before(25),
          SECCOMP.notOnWindows().from(25));

  private RestrictedChecks() {}

  private static Optional<Violation> escalation(PodForm pod) {
    String field = "allowPrivilegeEscalation";
    Findings found = Findings.of(pod, c -> !security(c).has(field) || security(c).flag(field));
    return found.violation(
        "allowPrivilegeEscalation != false",
        found.who() + " must set securityContext.allowPrivilegeEscalation=false");
  }

  private static Optional<Violation> capabilities(PodForm pod) {
    Findings keeping =
        Findings.of(pod, c -> !security(c).child("capabilities").texts("drop").contains("ALL"));
    Findings adding = new Findings();
    adding.containers(pod, c -> BaselineChecks.addsOther(c, Set.of("NET_BIND_SERVICE"), adding));
    List<String> details = new ArrayList<>();
    if (!keeping.isEmpty()) {
      details.add(keeping.who() + " must set securityContext.capabilities.drop=[\"ALL\"]");
    }
    if (!adding.isEmpty()) {
      details.add(
          adding.who()
              + " must not include "
              + adding.quotedValues()
              + " in securityContext.capabilities.add");
    }
    return details.isEmpty()
        ? Optional.empty()
        : Optional.of(new Violation("unrestricted capabilities", String.join("; ", details)));
  }

  private static Optional<Violation> volumes(PodForm pod) {
    List<String> names = new ArrayList<>();
    TreeSet<String> types = new TreeSet<>();
    for (Obj volume : pod.spec().items("volumes")) {
      Set<String> sources = new TreeSet<>(volume.map().keySet());
      sources.remove("name");
      if (sources.stream().noneMatch(VOLUMES::contains)) {
        names.add(volume.text("name"));
        types.add(sources.stream().findFirst().orElse("unknown"));
      }
    }
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Violation(
                "restricted volume types",
                "%s %s %s"
                    .formatted(
                        Findings.named("volume", names),
                        names.size() == 1 ? "uses" : "use",
                        Findings.named("restricted volume type", types))));
  }

  private static Optional<Violation> nonRoot(PodForm pod) {
    String field = "runAsNonRoot";
    boolean podSays = pod.security().has(field);
    boolean podIsFine = podSays && pod.security().flag(field);
    Findings refusing =
        Findings.of(pod, c -> security(c).has(field) && !security(c).flag(field))
            .pod(podSays && !podIsFine);
    if (!refusing.isEmpty()) {
      return refusing.violation(
          "runAsNonRoot != true",
          refusing.who() + " must not set securityContext.runAsNonRoot=false");
    }
    Findings silent = Findings.of(pod, c -> !security(c).has(field) && !podIsFine);
    return silent.violation(
        "runAsNonRoot != true",
        "pod or " + silent.who() + " must set securityContext.runAsNonRoot=true");
  }

  private static Optional<Violation> user(PodForm pod) {
    Findings found =
        Findings.of(pod, c -> security(c).number("runAsUser", -1) == 0)
            .pod(pod.security().number("runAsUser", -1) == 0);
    return found.violation("runAsUser=0", found.who() + " must not set runAsUser=0");
  }

  private static Optional<Violation> seccomp(PodForm pod) {
    String field = "seccompProfile";
    Findings bad = new Findings();
    boolean podIsBad = BaselineChecks.setsBadProfile(pod.security(), field, bad);
    boolean podIsFine = pod.security().has(field) && !podIsBad;
    bad.pod(podIsBad).containers(pod, c -> BaselineChecks.setsBadProfile(security(c), field, bad));
    if (!bad.isEmpty()) {
      return bad.violation(
          "seccompProfile",
          bad.who() + " must not set securityContext.seccompProfile.type to " + bad.quotedValues());
    }
    Findings silent = Findings.of(pod, c -> !security(c).has(field) && !podIsFine);
    return silent.violation(
        "seccompProfile",
        "pod or "
            + silent.who()
            + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
            + " \"Localhost\"");
  }
}
