package dev.kapell.host.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.host.Waiting;
import dev.kapell.host.cgroup.CgroupLimits;
import dev.kapell.host.cgroup.CgroupPath;
import dev.kapell.host.cgroup.Cgroups;
import dev.kapell.host.file.DirectoryTree;
import dev.kapell.host.image.OwnImages;
import dev.kapell.host.mount.Mounts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ContainerdWipeTest {

  @Test
  void nothingIsLeftEvenWhenPodsStillRun() throws Exception {
    RealContainerd real = new RealContainerd();
    CgroupPath group = new CgroupPath("/" + real.directory.getFileName());
    Cgroups cgroups = Cgroups.ofThisMachine();
    try {
      cgroups.create(group, CgroupLimits.NONE);
      Path logs = Files.createDirectories(real.directory.resolve("logs"));
      SandboxSpec spec =
          SandboxSpec.builder(new PodIdentity("test", "left", "uid", 0), logs)
              .cgroupParent(group.child("pod").value())
              .build();
      SandboxId sandbox = real.runtime().runSandbox(spec);
      ContainerSpec container =
          ContainerSpec.builder("main", 0, OwnImages.TOOLBOX).command("sleep", "600").build();
      ContainerId id = real.runtime().createContainer(sandbox, spec, container);
      real.runtime().startContainer(id);
      assertThat(Mounts.ofThisMachine().below(real.directory)).isNotEmpty();
    } finally {
      real.runtime().close();
      real.containerd().close();
      Containerd.wipe(real.settings, real.processes, Mounts.ofThisMachine());
    }
    assertThat(real.settings.directory()).doesNotExist();
    assertThat(Mounts.ofThisMachine().below(real.directory)).isEmpty();
    assertThat(commandLines()).noneMatch(line -> line.contains(real.directory.toString()));
    Waiting.until("the control groups are free", () -> cgroups.remove(group));
    Containerd.wipe(real.settings, real.processes, Mounts.ofThisMachine());
    DirectoryTree.delete(real.directory);
    real.removeBridge();
  }

  private static java.util.List<String> commandLines() {
    return ProcessHandle.allProcesses().map(ContainerdWipeTest::commandLine).toList();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (java.io.IOException e) {
      return ""; // It ended while we looked.
    }
  }
}
