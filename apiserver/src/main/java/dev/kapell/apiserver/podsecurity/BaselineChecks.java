package dev.kapell.apiserver.podsecurity;

import static dev.kapell.apiserver.podsecurity.PodForm.security;

import dev.kapell.apiserver.podsecurity.Check.Violation;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the level {@code baseline} forbids. */
final class BaselineChecks {
  private static final Set<String> CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  /** Safe kernel parameters, and the version in which each became one. */
  private static final Map<String, Integer> SYSCTLS =
      Map.ofEntries(
          Map.entry("kernel.shm_rmid_forced", 0),
          Map.entry("net.ipv4.ip_local_port_range", 0),
          Map.entry("net.ipv4.tcp_syncookies", 0),
          Map.entry("net.ipv4.ping_group_range", 0),
          Map.entry("net.ipv4.ip_unprivileged_port_start", 0),
          Map.entry("net.ipv4.ip_local_reserved_ports", 27),
          Map.entry("net.ipv4.tcp_keepalive_time", 29),
          Map.entry("net.ipv4.tcp_fin_timeout", 29),
          Map.entry("net.ipv4.tcp_keepalive_intvl", 29),
          Map.entry("net.ipv4.tcp_keepalive_probes", 29),
          Map.entry("net.ipv4.tcp_rmem", 32),
          Map.entry("net.ipv4.tcp_wmem", 32));

  private static final Set<String> SELINUX_TYPES =
      Set.of("", "container_t", "container_init_t", "container_kvm_t");
  private static final String SECCOMP = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String CONTAINER_SECCOMP = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

  static final Check PROC_MOUNT = Check.baseline("procMount", 0, BaselineChecks::procMount);

  static final List<Check> ALL =
      List.of(
          Check.baseline("appArmorProfile", 0, BaselineChecks::appArmor),
          Check.baseline("capabilities_baseline", 0, BaselineChecks::capabilities),
          Check.baseline("hostNamespaces", 0, BaselineChecks::hostNamespaces),
          Check.baseline("hostPathVolumes", 0, BaselineChecks::hostPaths),
          Check.baseline("hostPorts", 0, BaselineChecks::hostPorts),
          Check.baseline("hostProbesAndHostLifecycle", 34, BaselineChecks::hostProbes),
          Check.baseline("privileged", 0, BaselineChecks::privileged),
          PROC_MOUNT.before(35),
          PROC_MOUNT.unlessOwnUsers().from(35),
          Check.baseline("seLinuxOptions", 0, pod -> seLinux(pod, SELINUX_TYPES)).before(31),
          Check.baseline("seLinuxOptions", 31, pod -> seLinux(pod, seLinuxTypes())),
          Check.baseline("seccompProfile_baseline", 0, BaselineChecks::seccompAnnotations)
              .before(19),
          Check.baseline("seccompProfile_baseline", 19, BaselineChecks::seccomp),
          Check.baseline("sysctls", 0, pod -> sysctls(pod, 0)).before(27),
          Check.baseline("sysctls", 27, pod -> sysctls(pod, 27)).before(29),
          Check.baseline("sysctls", 29, pod -> sysctls(pod, 29)).before(32),
          Check.baseline("sysctls", 32, pod -> sysctls(pod, 32)),
          Check.baseline("windowsHostProcess", 0, BaselineChecks::hostProcess));

  private BaselineChecks() {}

  private static Optional<Violation> privileged(PodForm pod) {
    Findings found = Findings.of(pod, container -> security(container).flag("privileged"));
    return found.violation(
        "privileged", found.who() + " must not set securityContext.privileged=true");
  }

  private static Optional<Violation> hostNamespaces(PodForm pod) {
    List<String> used =
        List.of("hostNetwork", "hostPID", "hostIPC").stream()
            .filter(pod.spec()::flag)
            .map(field -> field + "=true")
            .toList();
    return used.isEmpty()
        ? Optional.empty()
        : Optional.of(new Violation("host namespaces", String.join(", ", used)));
  }

  private static Optional<Violation> hostPaths(PodForm pod) {
    List<String> volumes =
        pod.spec().items("volumes").stream()
            .filter(volume -> volume.has("hostPath"))
            .map(volume -> volume.text("name"))
            .toList();
    return volumes.isEmpty()
        ? Optional.empty()
        : Optional.of(new Violation("hostPath volumes", Findings.named("volume", volumes)));
  }

  private static Optional<Violation> hostPorts(PodForm pod) {
    Findings found = new Findings();
    found.containers(
        pod,
        container -> {
          boolean bad = false;
          for (Obj port : container.items("ports")) {
            long number = port.number("hostPort", 0);
            bad |= number != 0 && found.value(Long.toString(number));
          }
          return bad;
        });
    return found.violation(
        "hostPort",
        "%s %s %s %s"
            .formatted(
                found.who(),
                found.verb(),
                Findings.plural("hostPort", found.values().size()),
                String.join(", ", found.values())));
  }

  private static Optional<Violation> hostProbes(PodForm pod) {
    Findings found = new Findings();
    found.containers(
        pod,
        container -> {
          List<Obj> handlers = new ArrayList<>();
          List.of("livenessProbe", "readinessProbe", "startupProbe")
              .forEach(probe -> handlers.add(container.child(probe)));
          handlers.add(container.child("lifecycle").child("postStart"));
          handlers.add(container.child("lifecycle").child("preStop"));
          boolean bad = false;
          for (Obj handler : handlers) {
            for (String action : List.of("httpGet", "tcpSocket")) {
              String host = handler.child(action).text("host");
              bad |= !host.isEmpty() && found.value(host);
            }
          }
          return bad;
        });
    return found.violation(
        "probe or lifecycle host",
        "%s %s %s %s"
            .formatted(
                found.who(),
                found.verb(),
                Findings.plural("probe or lifecycle host", found.values().size()),
                found.quotedValues()));
  }

  private static Optional<Violation> capabilities(PodForm pod) {
    Findings found = new Findings();
    found.containers(pod, container -> addsOther(container, CAPABILITIES, found));
    return found.violation(
        "non-default capabilities",
        found.who()
            + " must not include "
            + found.quotedValues()
            + " in securityContext.capabilities.add");
  }

  /** Whether a container adds capabilities that are not {@code allowed}; notes them. */
  static boolean addsOther(Obj container, Set<String> allowed, Findings found) {
    boolean bad = false;
    for (String name : security(container).child("capabilities").texts("add")) {
      bad |= !allowed.contains(name) && found.value(name);
    }
    return bad;
  }

  /** {@code /proc} as it is everywhere. */
  static Optional<Violation> procMount(PodForm pod) {
    Findings found = new Findings();
    found.containers(
        pod,
        container -> {
          String mount = security(container).text("procMount");
          return !mount.isEmpty() && !mount.equals("Default") && found.value(mount);
        });
    return found.violation(
        "procMount",
        found.who() + " must not set securityContext.procMount to " + found.quotedValues());
  }

  private static Optional<Violation> hostProcess(PodForm pod) {
    Findings found =
        Findings.of(pod, container -> isHostProcess(security(container)))
            .pod(isHostProcess(pod.security()));
    return found.violation(
        "hostProcess",
        found.who() + " must not set securityContext.windowsOptions.hostProcess=true");
  }

  private static boolean isHostProcess(Obj security) {
    return security.child("windowsOptions").flag("hostProcess");
  }

  private static Optional<Violation> sysctls(PodForm pod, int minor) {
    List<String> unsafe =
        pod.security().items("sysctls").stream()
            .map(sysctl -> sysctl.text("name"))
            .filter(name -> SYSCTLS.getOrDefault(name, Integer.MAX_VALUE) > minor)
            .toList();
    return unsafe.isEmpty()
        ? Optional.empty()
        : Optional.of(new Violation("forbidden sysctls", String.join(", ", unsafe)));
  }

  private static Set<String> seLinuxTypes() {
    Set<String> types = new TreeSet<>(SELINUX_TYPES);
    types.add("container_engine_t");
    return types;
  }

  private static Optional<Violation> seLinux(PodForm pod, Set<String> allowed) {
    List<Obj> bad = new ArrayList<>();
    Findings found =
        new Findings()
            .pod(isBadSeLinux(pod.security(), allowed, bad))
            .containers(pod, container -> isBadSeLinux(security(container), allowed, bad));
    TreeSet<String> types = new TreeSet<>();
    bad.stream().map(o -> o.text("type")).filter(t -> !allowed.contains(t)).forEach(types::add);
    List<String> what = new ArrayList<>();
    if (!types.isEmpty()) {
      what.add(Findings.named("type", types));
    }
    for (String field : List.of("user", "role")) {
      if (bad.stream().anyMatch(options -> !options.text(field).isEmpty())) {
        what.add(field + " may not be set");
      }
    }
    return found.violation(
        "seLinuxOptions",
        found.who() + " set forbidden securityContext.seLinuxOptions: " + String.join("; ", what));
  }

  private static boolean isBadSeLinux(Obj security, Set<String> allowed, List<Obj> bad) {
    Obj options = security.child("seLinuxOptions");
    boolean isBad =
        !allowed.contains(options.text("type"))
            || !options.text("user").isEmpty()
            || !options.text("role").isEmpty();
    if (isBad) {
      bad.add(options);
    }
    return isBad;
  }

  private static Optional<Violation> seccomp(PodForm pod) {
    Findings found = new Findings();
    found
        .pod(setsBadProfile(pod.security(), "seccompProfile", found))
        .containers(pod, c -> setsBadProfile(security(c), "seccompProfile", found));
    return found.violation(
        "seccompProfile",
        found.who()
            + " must not set securityContext.seccompProfile.type to "
            + found.quotedValues());
  }

  /** Whether a profile is set that is neither the runtime's nor the node's; notes it. */
  static boolean setsBadProfile(Obj security, String field, Findings found) {
    if (!security.has(field)) {
      return false;
    }
    String type = security.child(field).text("type");
    return !type.equals("RuntimeDefault") && !type.equals("Localhost") && found.value(type);
  }

  private static Optional<Violation> seccompAnnotations(PodForm pod) {
    TreeSet<String> bad = new TreeSet<>();
    List<String> keys = new ArrayList<>();
    keys.add(SECCOMP);
    pod.containers().forEach(container -> keys.add(CONTAINER_SECCOMP + container.text("name")));
    for (String key : keys) {
      String value = pod.annotations().get(key);
      if (value != null
          && !value.equals("runtime/default")
          && !value.equals("docker/default")
          && !value.startsWith("localhost/")) {
        bad.add(key + "=\"" + value + '"');
      }
    }
    return bad.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Violation(
                "seccompProfile",
                "forbidden "
                    + Findings.plural("annotation", bad.size())
                    + " "
                    + String.join(", ", bad)));
  }

  private static Optional<Violation> appArmor(PodForm pod) {
    Findings found = new Findings();
    found
        .pod(setsBadProfile(pod.security(), "appArmorProfile", found))
        .containers(pod, c -> setsBadProfile(security(c), "appArmorProfile", found));
    TreeSet<String> annotations = new TreeSet<>();
    pod.annotations()
        .forEach(
            (key, value) -> {
              if (key.startsWith(APP_ARMOR)
                  && !value.isEmpty()
                  && !value.equals("runtime/default")
                  && !value.startsWith("localhost/")) {
                annotations.add(key + "=\"" + value + '"');
              }
            });
    if (found.isEmpty() && annotations.isEmpty()) {
      return Optional.empty();
    }
    List<String> setters = new ArrayList<>();
    if (!found.isEmpty()) {
      setters.add(found.who());
    }
    if (!annotations.isEmpty()) {
      setters.add(Findings.plural("annotation", annotations.size()));
    }
    List<String> values = new ArrayList<>(found.values());
    values.addAll(annotations);
    return Optional.of(
        new Violation(
            Findings.plural("forbidden AppArmor profile", values.size()),
            String.join(" and ", setters)
                + " must not set AppArmor profile type to "
                + Findings.quoted(values)));
  }
}
