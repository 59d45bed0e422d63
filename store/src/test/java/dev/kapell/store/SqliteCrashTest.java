package dev.kapell.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.Randomness;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a writing process again and again, on one file. */
class SqliteCrashTest {
  private static final int KILLS = 50;
  private static final long SEED = 50;

  private final Map<String, Acknowledged> newest = new HashMap<>();
  private final Set<Long> revisions = new HashSet<>();
  private long highest;

  private record Acknowledged(long revision, String text) {}

  @TempDir private Path folder;

  @Test
  void everyAcknowledgedWriteSurvivesFiftyKillsAndNoRevisionComesTwice() throws Exception {
    Randomness random = Randomness.seeded(SEED);
    for (int round = 1; round <= KILLS; round++) {
      Process writer =
          ChildJvm.start(
              List.of(),
              CrashWriter.class,
              folder.resolve("store.db").toString(),
              folder.resolve("native").toString(),
              Integer.toString(round));
      readAndKill(writer, random.nextInt(120), "seed " + SEED + ", round " + round);
      if (round % 10 == 0) {
        check("seed " + SEED + ", after round " + round);
      }
    }
    assertThat(revisions).hasSizeGreaterThan(KILLS);
  }

  /** Kills after {@code lines} acknowledgements, and reads on to the end of what was said. */
  private void readAndKill(Process writer, int lines, String where) throws Exception {
    try (BufferedReader said = writer.inputReader(StandardCharsets.UTF_8)) {
      String[] opened = String.valueOf(said.readLine()).split(" ", -1);
      assertThat(opened[0]).as(where).isEqualTo("opened");
      assertThat(Long.parseLong(opened[1])).as(where).isGreaterThanOrEqualTo(highest);
      highest = Long.parseLong(opened[1]);
      long before = highest;
      int read = 0;
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        note(line, before, where);
        if (read++ == lines) {
          // Through its handle: the process itself would close what it still has to say.
          assertThat(writer.toHandle().destroyForcibly()).as(where).isTrue();
        }
      }
    }
    assertThat(writer.waitFor(10, TimeUnit.SECONDS)).as(where).isTrue();
    assertThat(writer.exitValue()).as(where).isEqualTo(137);
  }

  private void note(String line, long before, String where) {
    String[] words = line.split(" ", -1);
    if (words.length < 3) {
      return;
    }
    long revision = Long.parseLong(words[0]);
    assertThat(revision).as(where).isGreaterThan(before);
    assertThat(revisions.add(revision)).as(where + ": revision " + revision).isTrue();
    highest = Math.max(highest, revision);
    newest.merge(
        words[1],
        new Acknowledged(revision, words[2]),
        (old, fresh) -> old.revision() > fresh.revision() ? old : fresh);
  }

  private void check(String where) {
    StoreOptions options = StoreOptions.defaults().withHistory(600, 1 << 20);
    try (Store store = SqliteStore.open(folder.resolve("store.db"), options)) {
      Snapshot seen = store.snapshot();
      newest.forEach(
          (path, written) -> {
            Entry left = seen.get(new Key("left", path)).orElseThrow();
            Entry right = seen.get(new Key("right", path)).orElseThrow();
            assertThat(left.value()).as(where).isEqualTo(right.value());
            assertThat(left.revision()).as(where).isGreaterThanOrEqualTo(written.revision());
            if (left.revision() == written.revision()) {
              assertThat(left.value()).as(where).asString().isEqualTo(written.text());
            }
          });
      assertThat(seen.revision()).as(where).isGreaterThanOrEqualTo(highest);
      Cursor history = store.watch("left", "", store.oldestRevision(), () -> {});
      assertThat(history.poll(10_000)).as(where).extracting(Event::revision).isSorted();
    }
  }
}
