package dev.kapell.node.config;

import dev.kapell.api.core.v1.AppArmorProfile;
import dev.kapell.api.core.v1.Capabilities;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.PodSecurityContext;
import dev.kapell.api.core.v1.SELinuxOptions;
import dev.kapell.api.core.v1.SeccompProfile;
import dev.kapell.api.core.v1.SecurityContext;
import dev.kapell.host.machine.SecurityModule;
import dev.kapell.host.runtime.ContainerSecurity;
import dev.kapell.host.runtime.Images;
import dev.kapell.host.runtime.NamespaceOptions;
import dev.kapell.host.runtime.Profile;
import dev.kapell.host.runtime.SeLinux;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Security contexts: the container's own setting wins over the pod's. */
final class Security {
  private final PodSecurityContext pod;
  private final SecurityContext own;
  private final boolean appArmed;

  Security(PodFacts facts, Container container) {
    PodSecurityContext podContext = facts.pod().spec().securityContext();
    SecurityContext context = container.securityContext();
    this.pod = podContext == null ? PodSecurityContext.EMPTY : podContext;
    this.own = context == null ? SecurityContext.EMPTY : context;
    this.appArmed = facts.node().securityModules().contains(SecurityModule.APPARMOR);
  }

  ContainerSecurity of(Images.Image image, NamespaceOptions namespaces) {
    boolean privileged = own.privilegedOr(false);
    Long user = own.runAsUser() == null ? pod.runAsUser() : own.runAsUser();
    if (user == null) {
      user = image.uid();
    }
    String name = user == null ? image.username() : "";
    checkNonRoot(user, name);
    Capabilities capabilities =
        own.capabilities() == null ? Capabilities.EMPTY : own.capabilities();
    boolean unmasked = privileged || own.procMountOr("Default").equals("Unmasked");
    return new ContainerSecurity(
        privileged,
        user,
        own.runAsGroup() == null ? pod.runAsGroup() : own.runAsGroup(),
        name,
        groups(pod),
        capabilities.add(),
        capabilities.drop(),
        own.readOnlyRootFilesystemOr(false),
        !own.allowPrivilegeEscalationOr(true) && !privileged,
        seccomp(own.seccompProfile() == null ? pod.seccompProfile() : own.seccompProfile()),
        appArmor(),
        seLinux(own.seLinuxOptions() == null ? pod.seLinuxOptions() : own.seLinuxOptions()),
        namespaces,
        unmasked ? List.of() : ContainerSecurity.DEFAULT_MASKED_PATHS,
        unmasked ? List.of() : ContainerSecurity.DEFAULT_READ_ONLY_PATHS);
  }

  private void checkNonRoot(@Nullable Long user, String name) {
    Boolean wanted = own.runAsNonRoot() == null ? pod.runAsNonRoot() : own.runAsNonRoot();
    if (wanted == null || !wanted) {
      return;
    }
    if (!name.isEmpty()) {
      throw new ConfigFailure(
          "container has runAsNonRoot and image has non-numeric user ("
              + name
              + "), cannot verify user is non-root");
    }
    if (user == null || user == 0) {
      boolean asked = own.runAsUser() != null || pod.runAsUser() != null;
      throw new ConfigFailure(
          asked
              ? "container's runAsUser breaks non-root policy"
              : "container has runAsNonRoot and image will run as root");
    }
  }

  static @Nullable SeLinux seLinux(@Nullable SELinuxOptions options) {
    return options == null
        ? null
        : new SeLinux(
            options.userOr(""), options.roleOr(""), options.typeOr(""), options.levelOr(""));
  }

  static List<Long> groups(PodSecurityContext pod) {
    List<Long> groups = new ArrayList<>(pod.supplementalGroups());
    Long fsGroup = pod.fsGroup();
    return fsGroup == null
        ? groups
        : Stream.concat(groups.stream(), Stream.of(fsGroup)).distinct().toList();
  }

  /** Null: the runtime's choice, which is its own profile where there is AppArmor. */
  private @Nullable Profile appArmor() {
    AppArmorProfile wanted =
        own.appArmorProfile() == null ? pod.appArmorProfile() : own.appArmorProfile();
    boolean free = wanted != null && wanted.typeOr("").equals("Unconfined");
    return free && appArmed ? new Profile.Unconfined() : null;
  }

  static Profile seccomp(@Nullable SeccompProfile profile) {
    if (profile == null) {
      return new Profile.Unconfined();
    }
    return switch (profile.typeOr("")) {
      case "RuntimeDefault" -> new Profile.RuntimeDefault();
      case "Localhost" ->
          new Profile.Localhost("/var/lib/kubelet/seccomp/" + profile.localhostProfileOr(""));
      default -> new Profile.Unconfined();
    };
  }
}
