package dev.kapell.bench.flood;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run without leeches; {@code bench/flood.sh SEED ATTACKS} makes long ones. */
class FloodTest {
  private static final long SEED = 20261122;

  @TempDir private Path folder;

  @Test
  void everyAttackEndsAndThePoliteClientIsServed() throws Exception {
    Flood.Plan plan = new Flood.Plan(SEED, 150, 4, 0, Duration.ofMillis(100));
    Flood.Report report = Flood.run(folder, plan);
    assertThat(report.findings()).as("seed %d", SEED).isEmpty();
    assertThat(report.ends()).hasSizeGreaterThan(20);
  }
}
