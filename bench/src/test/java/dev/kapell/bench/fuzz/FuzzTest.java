package dev.kapell.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run; {@code bench/fuzz.sh SEED REQUESTS} makes long ones. */
class FuzzTest {
  private static final long SEED = 20261121;

  @TempDir private Path folder;

  @Test
  void noRequestIsAnsweredWithAnInternalError() throws Exception {
    Fuzz.Report report = Fuzz.run(folder, SEED, 5_000, 4);
    assertThat(report.findings()).as("seed %d", SEED).isEmpty();
    assertThat(report.codes()).containsKeys(200, 400, 404, 422);
  }
}
