package dev.kapell.node.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.host.machine.Machine.DiskUsage;
import dev.kapell.host.machine.Machine.MemoryUsage;
import dev.kapell.host.machine.Machine.ProcessUsage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalsTest {
  private static DiskUsage disk(long percentFree, long percentInodesFree) {
    return new DiskUsage(1000, percentFree * 10, 1000 - percentFree * 10, 100, percentInodesFree);
  }

  @ParameterizedTest
  @CsvSource({
    "200, 50, 50, 50, 10, ''",
    "99,  50, 50, 50, 10, memory",
    "200,  9, 50, 50, 10, disk",
    "200, 50,  4, 50, 10, disk",
    "200, 50, 50, 14, 10, disk",
    "200, 50, 50, 50, 96, tasks",
  })
  void areTheKubeletsThresholds(
      long memoryMib, long free, long inodes, long imagesFree, long tasks, String expected) {
    MemoryUsage memory = new MemoryUsage(1 << 30, memoryMib << 20, 0, 0, 0);
    Signals signals =
        Signals.of(memory, disk(free, inodes), disk(imagesFree, 50), new ProcessUsage(tasks, 100));
    assertThat(
            (signals.memory() ? "memory" : "")
                + (signals.disk() ? "disk" : "")
                + (signals.tasks() ? "tasks" : ""))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"50, 0", "16, 0", "15, 50", "5, 150", "0, 200"})
  void imagesGoDownToEightyPercentOnceTheyAreOverEightyFive(long free, long surplus) {
    assertThat(Signals.surplus(disk(free, 50))).isEqualTo(surplus);
  }
}
