package dev.kapell.host.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of version 2, on an imitated tree: not every machine that tests has one. */
class UnifiedCgroupsTest {
  @TempDir Path tree;

  private void file(String group, String name, String text) throws Exception {
    Files.createDirectories(tree.resolve(group));
    Files.writeString(tree.resolve(group).resolve(name), text);
  }

  @Test
  void limitsAreWrittenInTheKernelsWords() throws Exception {
    for (String name : new String[] {"cpu.weight", "cpu.max", "memory.max", "pids.max"}) {
      file("pod", name, "");
    }
    UnifiedCgroups cgroups = new UnifiedCgroups(new Hierarchy(tree));
    CgroupPath pod = new CgroupPath("/pod");
    cgroups.limit(pod, new CgroupLimits(1024, 20_000, 100_000, 1 << 20, -1));
    assertThat(tree.resolve("pod/cpu.weight")).hasContent("39");
    assertThat(tree.resolve("pod/cpu.max")).hasContent("20000 100000");
    assertThat(tree.resolve("pod/memory.max")).hasContent("1048576");
    assertThat(tree.resolve("pod/pids.max")).hasContent("max");
    cgroups.limit(pod, new CgroupLimits(0, -1, 0, 0, 0));
    assertThat(tree.resolve("pod/cpu.max").toFile()).exists();
    assertThat(Files.readString(tree.resolve("pod/cpu.max"))).startsWith("max");
  }

  @Test
  void controllersArePassedDownToTheGroupsBelow() throws Exception {
    file("", "cgroup.controllers", "cpu memory pids");
    file("", "cgroup.subtree_control", "memory");
    UnifiedCgroups cgroups = new UnifiedCgroups(new Hierarchy(tree));
    cgroups.create(new CgroupPath("/pod"), CgroupLimits.NONE);
    assertThat(Files.readString(tree.resolve("cgroup.subtree_control"))).contains("+pids");
    assertThat(tree.resolve("pod")).isDirectory();
  }

  @Test
  void useIsReadWithoutInactiveFileCache() throws Exception {
    file("pod", "memory.current", "1000\n");
    file("pod", "memory.stat", "anon 300\ninactive_file 400\npgfault 5\n");
    file("pod", "cpu.stat", "usage_usec 7\nuser_usec 3\n");
    file("pod", "pids.current", "2\n");
    UnifiedCgroups cgroups = new UnifiedCgroups(new Hierarchy(tree));
    assertThat(cgroups.usage(new CgroupPath("/pod")))
        .contains(new CgroupUsage(7000, 1000, 600, 300, 5, 0, 2));
  }

  @Test
  void sharesBecomeWeights() {
    assertThat(UnifiedCgroups.weight(2)).isEqualTo(1);
    assertThat(UnifiedCgroups.weight(262_144)).isEqualTo(10_000);
  }
}
