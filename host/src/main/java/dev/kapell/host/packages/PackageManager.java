package dev.kapell.host.packages;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A system's package manager: its commands, and its names for what we need. */
enum PackageManager {
  APT(
      "apt-get",
      List.of(List.of("apt-get", "update", "-q", "-o", "DPkg::Lock::Timeout=300")),
      List.of(
          "apt-get",
          "install",
          "-y",
          "-q",
          "--no-install-recommends",
          "-o",
          "DPkg::Lock::Timeout=300"),
      Map.of(
          "CNI plugins", "containernetworking-plugins",
          "nft", "nftables",
          "ip", "iproute2",
          "ctr", "containerd",
          "a static busybox", "busybox-static")),
  DNF(
      "dnf",
      List.of(),
      List.of("dnf", "install", "-y", "--setopt=install_weak_deps=False"),
      Map.of(
          "CNI plugins", "containernetworking-plugins",
          "nft", "nftables",
          "ip", "iproute",
          "ctr", "containerd",
          "conntrack", "conntrack-tools",
          "a static busybox", "busybox")),
  APK(
      "apk",
      List.of(),
      List.of("apk", "add"),
      Map.of(
          "CNI plugins", "cni-plugins",
          "nft", "nftables",
          "ip", "iproute2",
          "ctr", "containerd-ctr",
          "conntrack", "conntrack-tools",
          "a static busybox", "busybox-static"));

  private final String program;
  private final List<List<String>> preparation;
  private final List<String> install;

  /** Names that differ from the program's. */
  private final Map<String, String> names;

  PackageManager(
      String program,
      List<List<String>> preparation,
      List<String> install,
      Map<String, String> names) {
    this.program = program;
    this.preparation = preparation;
    this.install = install;
    this.names = names;
  }

  /** The one that is there. */
  static Optional<PackageManager> of(Function<String, Optional<Path>> lookup) {
    for (PackageManager manager : values()) {
      if (lookup.apply(manager.program).isPresent()) {
        return Optional.of(manager);
      }
    }
    return Optional.empty();
  }

  String packageOf(String what) {
    return names.getOrDefault(what, what);
  }

  /** The command a person would type. */
  List<String> install(List<String> packages) {
    List<String> command = new ArrayList<>(install);
    command.addAll(packages);
    return List.copyOf(command);
  }

  /** All commands, in order. */
  List<List<String>> steps(List<String> packages) {
    List<List<String>> steps = new ArrayList<>(preparation);
    steps.add(install(packages));
    return List.copyOf(steps);
  }
}
