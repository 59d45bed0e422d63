package dev.kapell.host.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxMachineTest {
  private final Machine machine = Machine.ofThisMachine();

  @Test
  void knowsWhatItIs() {
    Machine.MachineInfo info = machine.info();
    assertThat(info.cpus()).isPositive();
    assertThat(info.memoryBytes()).isGreaterThan(1 << 20);
    assertThat(info.kernelVersion()).isEqualTo(System.getProperty("os.version"));
    assertThat(info.bootId()).hasSize(36);
    assertThat(info.machineId()).isNotEmpty();
    assertThat(info.osImage()).isNotEmpty();
    assertThat(info.architecture()).isIn("amd64", "arm64");
    assertThat(machine.hostname()).isNotEmpty();
  }

  @Test
  void knowsWhatItUses() {
    Machine.MemoryUsage memory = machine.memory();
    assertThat(memory.workingSetBytes()).isPositive().isLessThanOrEqualTo(memory.usageBytes());
    assertThat(memory.availableBytes()).isPositive().isLessThan(memory.totalBytes());
    assertThat(machine.cpuNanos()).isPositive();
    assertThat(machine.processes().current()).isPositive();
    assertThat(machine.processes().maximum()).isGreaterThan(1000);
    Machine.DiskUsage disk = machine.disk(Path.of("/"));
    assertThat(disk.availableBytes()).isPositive().isLessThan(disk.totalBytes());
    assertThat(disk.inodesFree()).isPositive().isLessThan(disk.inodes());
  }

  @Test
  void itsAddressesAreThoseThatOthersCanReach() {
    assertThat(machine.addresses())
        .isNotEmpty()
        .noneMatch(address -> address.isLoopbackAddress() || address.isLinkLocalAddress());
    assertThat(machine.network().receivedBytes()).isPositive();
  }

  @Test
  void whoListensOnlyOnLoopbackIsNotTheResolverOfOthers(@TempDir Path root) throws IOException {
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/resolv.conf"), "nameserver 127.0.0.53\nsearch a.example\n");
    assertThat(new LinuxMachine(root).resolver()).contains("127.0.0.53");
    Files.createDirectories(root.resolve("run/systemd/resolve"));
    Files.writeString(root.resolve("run/systemd/resolve/resolv.conf"), "nameserver 192.0.2.53\n");
    assertThat(new LinuxMachine(root).resolver()).isEqualTo("nameserver 192.0.2.53");
    Files.writeString(root.resolve("etc/resolv.conf"), "nameserver 192.0.2.9\n");
    assertThat(new LinuxMachine(root).resolver()).isEqualTo("nameserver 192.0.2.9");
  }
}
