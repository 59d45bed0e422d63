package dev.kapell.host.runtime;

import dev.kapell.host.machine.Machine;
import dev.kapell.host.machine.SecurityModule;
import dev.kapell.host.packages.RuntimePrograms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * How Kapell's own containerd is set up.
 *
 * @param directory root, state, socket and configuration lie in it; short, as a socket's path may
 *     have 107 bytes
 * @param cniBinDirectory where the CNI plugins are
 * @param containerd the program
 * @param runc the program
 * @param sandboxImage what pods' namespaces are held by
 * @param restrictOomScoreAdj true when we may not lower a process' OOM score (no CAP_SYS_RESOURCE):
 *     without it no sandbox then starts
 * @param disableAppArmor true where the kernel has none
 * @param enableSeLinux true where the kernel has it
 */
public record ContainerdSettings(
    Path directory,
    Path cniBinDirectory,
    Path containerd,
    Path runc,
    String sandboxImage,
    boolean restrictOomScoreAdj,
    boolean disableAppArmor,
    boolean enableSeLinux) {
  private static final int CAP_SYS_RESOURCE = 24;

  /** As this machine needs it. */
  public static ContainerdSettings detect(
      Path directory, RuntimePrograms programs, String sandboxImage) {
    Set<SecurityModule> modules = Machine.ofThisMachine().securityModules();
    return new ContainerdSettings(
        directory,
        programs.cniPlugins(),
        programs.containerd(),
        programs.runc(),
        sandboxImage,
        !mayLowerOomScore(),
        !modules.contains(SecurityModule.APPARMOR),
        modules.contains(SecurityModule.SELINUX));
  }

  /** CAP_SYS_RESOURCE among our effective capabilities. */
  private static boolean mayLowerOomScore() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("CapEff:")) {
          long capabilities = Long.parseUnsignedLong(line.substring(7).trim(), 16);
          return (capabilities >> CAP_SYS_RESOURCE & 1) == 1;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The socket of CRI and of containerd's own API. */
  public Path socket() {
    return directory.resolve("c.sock");
  }

  /** CNI network lists go here; containerd notices new ones by itself. */
  public Path cniConfigDirectory() {
    return directory.resolve("cni");
  }

  /** {@code HOST[:PORT]/hosts.toml} files for registries go here; read at every pull. */
  public Path registryDirectory() {
    return directory.resolve("certs.d");
  }

  /** containerd's own log; bounded. */
  public Path log() {
    return directory.resolve("containerd.log");
  }

  Path pidFile() {
    return directory.resolve("containerd.pid");
  }

  Path configFile() {
    return directory.resolve("config.toml");
  }

  /** The configuration file, in the form that containerd 1.6 and 1.7 both read (version 2). */
  String toToml() {
    return """
    version = 2
    root = "%1$s/root"
    state = "%1$s/state"
    disabled_plugins = [
      "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
      "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper",
      "io.containerd.internal.v1.opt"]
    [debug]
      level = "warn"
    [grpc]
      address = "%2$s"
    [ttrpc]
      address = "%2$s.ttrpc"
    [plugins."io.containerd.grpc.v1.cri"]
      sandbox_image = "%3$s"
      restrict_oom_score_adj = %4$s
      disable_apparmor = %5$s
      enable_selinux = %10$s
      netns_mounts_under_state_dir = true
      max_container_log_line_size = 16384
      stream_server_address = "127.0.0.1"
      stream_server_port = "0"
      [plugins."io.containerd.grpc.v1.cri".cni]
        bin_dir = "%6$s"
        conf_dir = "%7$s"
      [plugins."io.containerd.grpc.v1.cri".registry]
        config_path = "%8$s"
      [plugins."io.containerd.grpc.v1.cri".containerd]
        snapshotter = "overlayfs"
        default_runtime_name = "runc"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
          runtime_type = "io.containerd.runc.v2"
          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
            BinaryName = "%9$s"
            Root = "%1$s/runc"
            SystemdCgroup = false
    """
        .formatted(
            directory,
            socket(),
            sandboxImage,
            restrictOomScoreAdj,
            disableAppArmor,
            cniBinDirectory,
            cniConfigDirectory(),
            registryDirectory(),
            runc,
            enableSeLinux);
  }
}
