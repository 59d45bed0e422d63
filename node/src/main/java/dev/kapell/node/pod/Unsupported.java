package dev.kapell.node.pod;

import dev.kapell.api.core.v1.AppArmorProfile;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodOS;
import dev.kapell.api.core.v1.PodSecurityContext;
import dev.kapell.api.core.v1.Sysctl;
import dev.kapell.host.machine.SecurityModule;
import dev.kapell.node.plan.PodContainers;
import dev.kapell.node.plan.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a pod may ask for and this node cannot give: the pod fails at once, with the reasons of the
 * kubelet's admission, rather than run as if it had not asked. Pure.
 */
final class Unsupported {
  /** Namespaced and harmless to others (reference: Using sysctls, safe ones). */
  private static final Set<String> SAFE_SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_wmem");

  private final Pod pod;
  private final PodSecurityContext context;
  private final Set<SecurityModule> modules;

  private Unsupported(Pod pod, Set<SecurityModule> modules) {
    this.pod = pod;
    PodSecurityContext own = pod.spec().securityContext();
    this.context = own == null ? PodSecurityContext.EMPTY : own;
    this.modules = modules;
  }

  /** Why a node whose kernel has {@code modules} must not run {@code pod}; empty when it may. */
  static Optional<Verdict> verdict(Pod pod, Set<SecurityModule> modules) {
    Unsupported node = new Unsupported(pod, modules);
    return Stream.of(
            node.operatingSystem(), node.supplementalGroups(), node.appArmor(), node.sysctls())
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** What the node does without, though the pod asks for it, as in Kubernetes; for its events. */
  static Optional<Verdict> remark(Pod pod, Set<SecurityModule> modules) {
    Unsupported node = new Unsupported(pod, modules);
    boolean labelled =
        node.context.seLinuxOptions() != null
            || PodContainers.all(pod)
                .map(Container::securityContext)
                .anyMatch(own -> own != null && own.seLinuxOptions() != null);
    return labelled && !modules.contains(SecurityModule.SELINUX)
        ? Optional.of(
            new Verdict(
                "SELinuxNotEnabled",
                "seLinuxOptions have no effect: the kernel of this node does not enforce SELinux",
                ""))
        : Optional.empty();
  }

  private Optional<Verdict> operatingSystem() {
    PodOS os = pod.spec().os();
    return os == null || os.nameOr("").equals("linux")
        ? Optional.empty()
        : rejected(
            "PodOSNotSupported",
            "Failed to admit pod as the OS field doesn't match node OS: it is linux");
  }

  private Optional<Verdict> supplementalGroups() {
    return context.supplementalGroupsPolicyOr("").equals("Strict")
        ? rejected(
            "SupplementalGroupsPolicyNotSupported",
            "SupplementalGroupsPolicy=Strict is not supported in this node: its container runtime"
                + " adds the groups of the image's /etc/group; use Merge")
        : Optional.empty();
  }

  private Optional<Verdict> appArmor() {
    List<String> types =
        Stream.concat(
                Stream.of(type(context.appArmorProfile())),
                PodContainers.all(pod)
                    .map(Container::securityContext)
                    .map(own -> own == null ? "" : type(own.appArmorProfile())))
            .toList();
    if (!modules.contains(SecurityModule.APPARMOR)
        && types.stream().anyMatch(type -> !type.isEmpty() && !type.equals("Unconfined"))) {
      return rejected(
          "AppArmor",
          "Cannot enforce AppArmor: AppArmor is not enabled on the host; remove appArmorProfile");
    }
    return types.contains("Localhost")
        ? rejected(
            "AppArmor",
            "Cannot enforce AppArmor: this node loads no profiles of its own; use RuntimeDefault")
        : Optional.empty();
  }

  private static String type(@Nullable AppArmorProfile profile) {
    return profile == null ? "" : profile.typeOr("");
  }

  private Optional<Verdict> sysctls() {
    for (Sysctl sysctl : context.sysctls()) {
      String name = sysctl.nameOr("").replace('/', '.');
      boolean ofHost =
          (name.startsWith("net.") && pod.spec().hostNetworkOr(false))
              || (name.startsWith("kernel.") && pod.spec().hostIPCOr(false));
      if (ofHost) {
        return rejected(
            "SysctlForbidden", "forbidden sysctl: \"%s\" is the host's own".formatted(name));
      }
      if (!SAFE_SYSCTLS.contains(name.toLowerCase(Locale.ROOT))) {
        return rejected(
            "SysctlForbidden",
            "forbidden sysctl: \"%s\" not allowlisted: it may harm other pods".formatted(name));
      }
    }
    return Optional.empty();
  }

  private static Optional<Verdict> rejected(String reason, String message) {
    return Optional.of(new Verdict(reason, "Pod was rejected: " + message, ""));
  }
}
