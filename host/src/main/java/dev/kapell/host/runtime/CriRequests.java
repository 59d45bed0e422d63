package dev.kapell.host.runtime;

import dev.kapell.host.runtime.cri.Capability;
import dev.kapell.host.runtime.cri.ContainerConfig;
import dev.kapell.host.runtime.cri.ContainerMetadata;
import dev.kapell.host.runtime.cri.DNSConfig;
import dev.kapell.host.runtime.cri.Device;
import dev.kapell.host.runtime.cri.ImageSpec;
import dev.kapell.host.runtime.cri.Int64Value;
import dev.kapell.host.runtime.cri.KeyValue;
import dev.kapell.host.runtime.cri.LinuxContainerConfig;
import dev.kapell.host.runtime.cri.LinuxContainerResources;
import dev.kapell.host.runtime.cri.LinuxContainerSecurityContext;
import dev.kapell.host.runtime.cri.LinuxPodSandboxConfig;
import dev.kapell.host.runtime.cri.LinuxSandboxSecurityContext;
import dev.kapell.host.runtime.cri.Mount;
import dev.kapell.host.runtime.cri.MountPropagation;
import dev.kapell.host.runtime.cri.NamespaceMode;
import dev.kapell.host.runtime.cri.NamespaceOption;
import dev.kapell.host.runtime.cri.PodSandboxConfig;
import dev.kapell.host.runtime.cri.PodSandboxMetadata;
import dev.kapell.host.runtime.cri.Protocol;
import dev.kapell.host.runtime.cri.SELinuxOption;
import dev.kapell.host.runtime.cri.SecurityProfile;
import org.jspecify.annotations.Nullable;

/** From our records to CRI's messages. Pure. */
final class CriRequests {
  private CriRequests() {}

  static PodSandboxConfig sandbox(SandboxSpec spec) {
    PodSandboxConfig.Builder config =
        PodSandboxConfig.newBuilder()
            .setMetadata(
                PodSandboxMetadata.newBuilder()
                    .setName(spec.pod().name())
                    .setNamespace(spec.pod().namespace())
                    .setUid(spec.pod().uid())
                    .setAttempt(spec.pod().attempt()))
            .setHostname(spec.hostname())
            .setLogDirectory(spec.logDirectory().toString())
            .putAllLabels(spec.labels())
            .putAllAnnotations(spec.annotations())
            .setLinux(
                LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent(spec.cgroupParent())
                    .setSecurityContext(security(spec))
                    .putAllSysctls(spec.sysctls()));
    if (!spec.dns().equals(DnsConfig.NONE)) {
      config.setDnsConfig(
          DNSConfig.newBuilder()
              .addAllServers(spec.dns().servers())
              .addAllSearches(spec.dns().searches())
              .addAllOptions(spec.dns().options()));
    }
    for (PortMapping port : spec.ports()) {
      config.addPortMappings(
          dev.kapell.host.runtime.cri.PortMapping.newBuilder()
              .setProtocol(protocol(port.protocol()))
              .setContainerPort(port.containerPort())
              .setHostPort(port.hostPort())
              .setHostIp(port.hostIp()));
    }
    return config.build();
  }

  private static Protocol protocol(PortMapping.Protocol protocol) {
    return switch (protocol) {
      case TCP -> Protocol.TCP;
      case UDP -> Protocol.UDP;
      case SCTP -> Protocol.SCTP;
    };
  }

  private static LinuxSandboxSecurityContext security(SandboxSpec spec) {
    SandboxSecurity wanted = spec.security();
    LinuxSandboxSecurityContext.Builder security =
        LinuxSandboxSecurityContext.newBuilder()
            .setNamespaceOptions(namespaces(spec.namespaces()))
            .setPrivileged(wanted.privileged())
            .setReadonlyRootfs(wanted.readOnlyRootfs())
            .addAllSupplementalGroups(wanted.supplementalGroups())
            .setSeccomp(profile(wanted.seccomp()));
    if (wanted.runAsUser() != null) {
      security.setRunAsUser(number(wanted.runAsUser()));
    }
    if (wanted.runAsGroup() != null) {
      security.setRunAsGroup(number(wanted.runAsGroup()));
    }
    if (wanted.seLinux() != null) {
      security.setSelinuxOptions(seLinux(wanted.seLinux()));
    }
    return security.build();
  }

  private static SELinuxOption seLinux(SeLinux context) {
    return SELinuxOption.newBuilder()
        .setUser(context.user())
        .setRole(context.role())
        .setType(context.type())
        .setLevel(context.level())
        .build();
  }

  static ContainerConfig container(ContainerSpec spec) {
    ContainerConfig.Builder config =
        ContainerConfig.newBuilder()
            .setMetadata(
                ContainerMetadata.newBuilder().setName(spec.name()).setAttempt(spec.attempt()))
            .setImage(image(spec.image()))
            .addAllCommand(spec.command())
            .addAllArgs(spec.args())
            .setWorkingDir(spec.workingDir())
            .putAllLabels(spec.labels())
            .putAllAnnotations(spec.annotations())
            .setLogPath(spec.logPath())
            .setStdin(spec.io().stdin())
            .setStdinOnce(spec.io().stdinOnce())
            .setTty(spec.io().tty())
            .setLinux(
                LinuxContainerConfig.newBuilder()
                    .setResources(resources(spec.resources()))
                    .setSecurityContext(security(spec.security())));
    spec.env()
        .forEach((key, value) -> config.addEnvs(KeyValue.newBuilder().setKey(key).setValue(value)));
    for (ContainerMount mount : spec.mounts()) {
      config.addMounts(
          Mount.newBuilder()
              .setContainerPath(mount.containerPath())
              .setHostPath(mount.hostPath())
              .setReadonly(mount.readOnly())
              .setSelinuxRelabel(mount.relabel())
              .setPropagation(propagation(mount.propagation())));
    }
    for (ContainerSpec.Device device : spec.devices()) {
      config.addDevices(
          Device.newBuilder()
              .setContainerPath(device.containerPath())
              .setHostPath(device.hostPath())
              .setPermissions(device.permissions()));
    }
    return config.build();
  }

  static ImageSpec image(String name) {
    return ImageSpec.newBuilder().setImage(name).build();
  }

  private static MountPropagation propagation(ContainerMount.Propagation propagation) {
    return switch (propagation) {
      case PRIVATE -> MountPropagation.PROPAGATION_PRIVATE;
      case HOST_TO_CONTAINER -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
      case BIDIRECTIONAL -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
    };
  }

  static LinuxContainerResources resources(LinuxResources resources) {
    return LinuxContainerResources.newBuilder()
        .setCpuPeriod(resources.cpuPeriodMicros())
        .setCpuQuota(resources.cpuQuotaMicros())
        .setCpuShares(resources.cpuShares())
        .setMemoryLimitInBytes(resources.memoryLimitBytes())
        .setOomScoreAdj(resources.oomScoreAdj())
        .setCpusetCpus(resources.cpusetCpus())
        .setCpusetMems(resources.cpusetMems())
        .build();
  }

  private static LinuxContainerSecurityContext security(ContainerSecurity wanted) {
    LinuxContainerSecurityContext.Builder security =
        LinuxContainerSecurityContext.newBuilder()
            .setCapabilities(
                Capability.newBuilder()
                    .addAllAddCapabilities(wanted.addCapabilities())
                    .addAllDropCapabilities(wanted.dropCapabilities()))
            .setPrivileged(wanted.privileged())
            .setNamespaceOptions(namespaces(wanted.namespaces()))
            .setRunAsUsername(wanted.runAsUsername())
            .addAllSupplementalGroups(wanted.supplementalGroups())
            .setReadonlyRootfs(wanted.readOnlyRootfs())
            .setNoNewPrivs(wanted.noNewPrivileges());
    if (wanted.runAsUser() != null) {
      security.setRunAsUser(number(wanted.runAsUser()));
    }
    if (wanted.runAsGroup() != null) {
      security.setRunAsGroup(number(wanted.runAsGroup()));
    }
    if (wanted.seLinux() != null) {
      security.setSelinuxOptions(seLinux(wanted.seLinux()));
    }
    if (!wanted.privileged()) {
      security
          .setSeccomp(profile(wanted.seccomp()))
          .addAllMaskedPaths(orUsual(wanted.maskedPaths(), ContainerSecurity.DEFAULT_MASKED_PATHS))
          .addAllReadonlyPaths(
              orUsual(wanted.readOnlyPaths(), ContainerSecurity.DEFAULT_READ_ONLY_PATHS));
      if (wanted.appArmor() != null) {
        security.setApparmor(profile(wanted.appArmor()));
      }
    }
    return security.build();
  }

  private static java.util.List<String> orUsual(
      java.util.@Nullable List<String> paths, java.util.List<String> usual) {
    return paths == null ? usual : paths;
  }

  private static Int64Value number(long value) {
    return Int64Value.newBuilder().setValue(value).build();
  }

  private static SecurityProfile profile(Profile profile) {
    SecurityProfile.Builder message = SecurityProfile.newBuilder();
    switch (profile) {
      case Profile.RuntimeDefault ignored ->
          message.setProfileType(SecurityProfile.ProfileType.RuntimeDefault);
      case Profile.Unconfined ignored ->
          message.setProfileType(SecurityProfile.ProfileType.Unconfined);
      case Profile.Localhost local ->
          message
              .setProfileType(SecurityProfile.ProfileType.Localhost)
              .setLocalhostRef(local.reference());
    }
    return message.build();
  }

  private static NamespaceOption namespaces(NamespaceOptions options) {
    NamespaceOption.Builder message =
        NamespaceOption.newBuilder()
            .setNetwork(mode(options.network()))
            .setPid(mode(options.pid()))
            .setIpc(mode(options.ipc()));
    if (options.target() != null) {
      message.setTargetId(options.target().value());
    }
    return message.build();
  }

  private static NamespaceMode mode(NamespaceOptions.Mode mode) {
    return switch (mode) {
      case POD -> NamespaceMode.POD;
      case CONTAINER -> NamespaceMode.CONTAINER;
      case NODE -> NamespaceMode.NODE;
      case TARGET -> NamespaceMode.TARGET;
    };
  }
}
