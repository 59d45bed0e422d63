package dev.kapell.host.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Security of a container (CRI {@code LinuxContainerSecurityContext}).
 *
 * @param runAsUser uid; null: {@code runAsUsername}, else the image's user
 * @param runAsUsername looked up in the image's {@code /etc/passwd}; empty: not set
 * @param addCapabilities without {@code CAP_}; {@code ALL} for all
 * @param seccomp privileged containers are unconfined whatever it says
 * @param appArmor null: the runtime's choice; anything else fails where AppArmor is absent
 * @param seLinux null: the runtime's choice
 * @param maskedPaths null: the runtime's usual ones; empty: none
 * @param readOnlyPaths null: the runtime's usual ones; empty: none
 */
public record ContainerSecurity(
    boolean privileged,
    @Nullable Long runAsUser,
    @Nullable Long runAsGroup,
    String runAsUsername,
    List<Long> supplementalGroups,
    List<String> addCapabilities,
    List<String> dropCapabilities,
    boolean readOnlyRootfs,
    boolean noNewPrivileges,
    Profile seccomp,
    @Nullable Profile appArmor,
    @Nullable SeLinux seLinux,
    NamespaceOptions namespaces,
    @Nullable List<String> maskedPaths,
    @Nullable List<String> readOnlyPaths) {

  /** The usual masks of {@code /proc} and {@code /sys} are the caller's to give, as in CRI. */
  public static final List<String> DEFAULT_MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");

  /** Paths that are usually read-only. */
  public static final List<String> DEFAULT_READ_ONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  /** What a container gets that asks for nothing (Kubernetes: seccomp unconfined). */
  public static final ContainerSecurity DEFAULT =
      new ContainerSecurity(
          false,
          null,
          null,
          "",
          List.of(),
          List.of(),
          List.of(),
          false,
          false,
          new Profile.Unconfined(),
          null,
          null,
          NamespaceOptions.POD,
          null,
          null);

  /** Copies the lists. */
  public ContainerSecurity {
    supplementalGroups = List.copyOf(supplementalGroups);
    addCapabilities = List.copyOf(addCapabilities);
    dropCapabilities = List.copyOf(dropCapabilities);
    maskedPaths = maskedPaths == null ? null : List.copyOf(maskedPaths);
    readOnlyPaths = readOnlyPaths == null ? null : List.copyOf(readOnlyPaths);
  }
}
