package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Kapell leaves a machine as it found it. */
@OwnsCluster
class PurgeTest {
  private static final String HELLO = Kapell.root().resolve("examples/hello").toString();

  @Test
  void downKeepsTheDataAndPurgeLeavesNothing() throws Exception {
    Kapell.kapell("down", "--purge").ok();
    Set<String> before = traces();

    Kapell.up(HELLO);
    assertThat(traces()).as("what a running cluster shows").isNotEqualTo(before);

    Kapell.kapell("down").ok();
    assertThat(processes()).as("processes after down").isEmpty();
    assertThat(Kapell.kapell("status").refused()).contains("kapell up");

    String again = Kapell.up(HELLO);
    assertThat(again).contains("unchanged").doesNotContain("created");
    assertThat(Page.get("http://127.0.0.1:30080/")).contains("Hello from Kapell");

    Kapell.kapell("down", "--purge").ok();
    assertThat(traces()).containsExactlyElementsOf(before);
    assertThat(Kapell.dataDir()).doesNotExist();
  }

  /** Everything by which a cluster shows on a machine, one line each. */
  private static Set<String> traces() throws IOException {
    Set<String> traces = new TreeSet<>();
    add(traces, "process", processes());
    add(traces, "mount", Files.readAllLines(Path.of("/proc/self/mounts")));
    add(
        traces,
        "interface",
        lines("ip", "-o", "-br", "link").map(line -> line.split(" ", 2)[0]).toList());
    add(
        traces,
        "address",
        lines("ip", "-o", "-4", "addr").map(line -> line.replaceAll("valid_lft.*", "")).toList());
    add(traces, "route", lines("ip", "route").toList());
    add(traces, "table", lines("nft", "list", "tables").toList());
    add(traces, "netns", names(Path.of("/run/netns")));
    for (String folder :
        List.of(
            "/etc",
            "/opt",
            "/run",
            "/run/containerd",
            "/run/containerd/s",
            "/var/lib",
            "/var/log",
            "/var/run")) {
      add(
          traces,
          "file in " + folder,
          names(Path.of(folder)).stream().filter(PurgeTest::isOfContainers).toList());
    }
    try (Stream<Path> groups =
        Files.find(
            Path.of("/sys/fs/cgroup"),
            3,
            (path, attributes) -> attributes.isDirectory(),
            new FileVisitOption[0])) {
      add(
          traces,
          "cgroup",
          groups.map(Path::toString).filter(path -> path.contains("kubepods")).toList());
    }
    return traces;
  }

  /** Files of other programs come and go. */
  private static boolean isOfContainers(String name) {
    return name.contains("kapell")
        || name.contains("cni")
        || name.contains("container")
        || name.contains("runc")
        || name.contains("pods")
        || name.matches("[0-9a-f]{64}");
  }

  private static void add(Set<String> traces, String what, List<String> found) {
    found.forEach(one -> traces.add(what + " " + one));
  }

  private static Stream<String> lines(String... command) {
    return Shell.run(Kapell.environment(), "", command).ok().lines();
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** The processes of the cluster: those that name its folder, and those in containers. */
  private static List<String> processes() {
    return ProcessHandle.allProcesses()
        .filter(ProcessHandle::isAlive)
        .map(
            process ->
                read(process, "cmdline")
                    + (read(process, "cgroup").contains("kubepods") ? " in kubepods" : ""))
        .filter(line -> line.contains(Kapell.dataDir().toString()) || line.endsWith(" in kubepods"))
        .toList();
  }

  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc", "" + process.pid(), file)).replace('\0', ' ');
    } catch (IOException e) {
      return ""; // it has just ended
    }
  }
}
