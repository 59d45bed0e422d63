package dev.kapell.host.packages;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A system's package manager: its commands, and its names for what we need.
 *
 * @param program that shows it is there
 * @param preparation commands before an installation
 * @param install command to which the packages are added
 * @param names of packages where they differ from the program's
 */
record PackageManager(
    String program,
    List<List<String>> preparation,
    List<String> install,
    Map<String, String> names) {

  private static PackageManager apt() {
    List<String> lock = List.of("-o", "DPkg::Lock::Timeout=300");
    return new PackageManager(
        "apt-get",
        List.of(words("apt-get update -q", lock)),
        words("apt-get install -y -q --no-install-recommends", lock),
        Map.of(
            "CNI plugins", "containernetworking-plugins",
            "nft", "nftables",
            "ip", "iproute2",
            "ctr", "containerd",
            "a static busybox", "busybox-static"));
  }

  private static PackageManager dnf() {
    return new PackageManager(
        "dnf",
        List.of(),
        words("dnf install -y --setopt=install_weak_deps=False", List.of()),
        Map.of(
            "CNI plugins", "containernetworking-plugins",
            "nft", "nftables",
            "ip", "iproute",
            "ctr", "containerd",
            "conntrack", "conntrack-tools",
            "a static busybox", "busybox"));
  }

  private static PackageManager apk() {
    return new PackageManager(
        "apk",
        List.of(),
        words("apk add", List.of()),
        Map.of(
            "CNI plugins", "cni-plugins",
            "nft", "nftables",
            "ip", "iproute2",
            "ctr", "containerd-ctr",
            "conntrack", "conntrack-tools",
            "a static busybox", "busybox-static"));
  }

  private static List<String> words(String command, List<String> more) {
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    words.addAll(more);
    return List.copyOf(words);
  }

  /** The one that is there. */
  static Optional<PackageManager> of(Function<String, Optional<Path>> lookup) {
    for (PackageManager manager : List.of(apt(), dnf(), apk())) {
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
  List<String> command(List<String> packages) {
    List<String> command = new ArrayList<>(install);
    command.addAll(packages);
    return List.copyOf(command);
  }

  /** All commands, in order. */
  List<List<String>> steps(List<String> packages) {
    List<List<String>> steps = new ArrayList<>(preparation);
    steps.add(command(packages));
    return List.copyOf(steps);
  }
}
