package dev.kapell.host.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** On the machine's own control groups, of whichever version they are. */
class CgroupsTest {
  private final CgroupPath root = CgroupPath.ROOT.child("kapell-test-" + UUID.randomUUID());
  private final Cgroups cgroups = cgroups();

  private static Cgroups cgroups() {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: control groups need root");
    return Cgroups.ofThisMachine();
  }

  @AfterEach
  void removesAll() {
    cgroups.remove(root);
    assertThat(cgroups.exists(root)).isFalse();
  }

  @Test
  void groupsAreMadeLimitedAndRemoved() {
    CgroupPath pod = root.child("burstable").child("pod1");
    cgroups.create(pod, new CgroupLimits(512, 50_000, 100_000, 64L << 20, 100));
    assertThat(cgroups.exists(pod)).isTrue();
    assertThat(cgroups.children(root)).containsExactly("burstable");
    cgroups.create(pod, CgroupLimits.NONE);
    cgroups.limit(pod, new CgroupLimits(0, -1, 0, -1, -1));
    assertThat(cgroups.remove(root)).isTrue();
    assertThat(cgroups.exists(pod)).isFalse();
    assertThat(cgroups.remove(root)).isTrue();
  }

  @Test
  void theUseOfALivingProcessIsSeenAndKeepsItsGroup() throws Exception {
    CgroupPath pod = root.child("pod2");
    cgroups.create(pod, CgroupLimits.NONE);
    Process process = new ProcessBuilder("sleep", "600").start();
    try {
      enter(process.pid(), pod);
      assertThat(cgroups.processes(root)).containsExactly(process.pid());
      CgroupUsage usage = cgroups.usage(pod).orElseThrow();
      assertThat(usage.tasks()).isEqualTo(1);
      assertThat(cgroups.remove(root)).isFalse();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(cgroups.processes(root)).isEmpty();
    assertThat(cgroups.usage(root.child("absent"))).isEmpty();
  }

  private void enter(long pid, CgroupPath group) throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String[] fields = line.split(" ", -1);
      Path file = Path.of(fields[1], group.relative(), "cgroup.procs");
      if (fields[2].startsWith("cgroup") && Files.exists(file)) {
        Files.writeString(file, Long.toString(pid));
      }
    }
  }
}
