package dev.kapell.store;

import static dev.kapell.store.contract.StoreFixture.done;
import static dev.kapell.store.contract.StoreFixture.key;
import static dev.kapell.store.contract.StoreFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store's file may be, besides fine. */
class SqliteFileTest {
  private static final StoreOptions OPTIONS = StoreOptions.defaults();

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("data/store.db");
  }

  private Store open() {
    return SqliteStore.open(file, OPTIONS);
  }

  private void sql(String statement) throws Exception {
    Files.createDirectories(file.getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.executeUpdate(statement);
    }
  }

  private void assertRefused(String... words) {
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(words);
  }

  @Test
  void aNewFileIsForItsOwnerOnly() throws Exception {
    open().close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void anotherFormatIsRefusedWithWhatToDo() throws Exception {
    open().close();
    sql("PRAGMA user_version=7");
    assertRefused("format 7", "reads format 1", "move the data folder away");
  }

  @Test
  void theDatabaseOfAnotherProgramIsRefused() throws Exception {
    sql("CREATE TABLE theirs (id INTEGER)");
    assertRefused("not one of Kapell", "another data folder");
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "a letter to a friend\n".repeat(1000));
    assertRefused("damaged", "not an SQLite database", "backup");
  }

  @Test
  void aFileThatIsInUseIsRefused() throws Exception {
    try (Store store = open()) {
      assertRefused("in use", "another data folder");
      assertThatCode(() -> done(store, put("a", "1"))).doesNotThrowAnyException();
    }
    open().close();
  }

  @Test
  void aFileThatAnotherProcessUsesIsRefused() throws Exception {
    Process writer =
        ChildJvm.start(
            List.of(), CrashWriter.class, file.toString(), folder.resolve("n").toString(), "1");
    try {
      assertThat(writer.inputReader(StandardCharsets.UTF_8).readLine()).startsWith("opened");
      assertRefused("in use by another process", "stop that one");
    } finally {
      writer.destroyForcibly().waitFor();
    }
    open().close();
  }

  @Test
  void aFolderInItsPlaceIsRefused() throws Exception {
    Files.createDirectories(file);
    assertRefused("check that it is a file");
  }

  @Test
  void aFlippedBitIsFound() throws Exception {
    String marker = "a value to be found again";
    try (Store store = open()) {
      done(store, put("a", marker));
    }
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] all = new byte[(int) raw.length()];
      raw.readFully(all);
      raw.seek(new String(all, StandardCharsets.ISO_8859_1).indexOf(marker));
      raw.write('A');
    }
    assertRefused("damaged", "checksum", "restore it from a backup");
  }

  @Test
  void aTornPageIsFound() throws Exception {
    try (Store store = open()) {
      for (int i = 0; i < 50; i++) {
        done(store, put("p" + i, "x".repeat(1000)));
      }
    }
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(raw.length() / 2 / 4096 * 4096);
      raw.write(new byte[4096]);
    }
    assertRefused("damaged", "restore it from a backup");
  }

  @Test
  void aFullFileRefusesWritesAndServesOn() throws Exception {
    try (Store store = SqliteStore.open(file, OPTIONS, 40)) {
      done(store, put("a", "1"));
      String large = "x".repeat(300_000);
      assertThatThrownBy(() -> store.write(put("large", large)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("no space")
          .hasMessageContaining("nothing was written");

      assertThat(store.snapshot().revision()).isEqualTo(1);
      assertThat(store.snapshot().get(key("large"))).isEmpty();
      assertThat(done(store, put("b", "1")).revision()).isEqualTo(2);
    }
    try (Store store = open()) {
      assertThat(store.snapshot().list("pods", "", "")).hasSize(2);
    }
  }

  /** On a small disk of its own, which takes the right to mount one. */
  @Test
  void aFullDiskRefusesWritesAndServesOnOnceThereIsRoom() throws Exception {
    List<String> onSmallDisk =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o size=4m tmpfs \"$0\" && exec \"$@\"",
            folder.toString());
    Process allowed = new ProcessBuilder("unshare", "--mount", "true").start();
    assumeThat(allowed.waitFor()).as("this user may mount").isZero();

    Process child = ChildJvm.start(onSmallDisk, FullDisk.class, folder.toString());
    try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readAllLines())
          .containsExactly(
              "no space is left for "
                  + folder.resolve("store.db")
                  + ": free some; nothing was written",
              "true",
              "true",
              "true");
    }
    assertThat(child.waitFor()).isZero();
  }

  @Test
  void inABatchOnlyWhatDoesNotFitIsRefused() throws Exception {
    try (Store store = SqliteStore.open(file, OPTIONS, 40)) {
      String large = "x".repeat(300_000);
      var before = store.submit(List.of(put("a", "1"))).toCompletableFuture();
      var tooLarge = store.submit(List.of(put("large", large))).toCompletableFuture();
      var after = store.submit(List.of(put("b", "1"))).toCompletableFuture();
      assertThat(before.get()).isInstanceOf(Commit.Done.class);
      assertThatThrownBy(tooLarge::get).hasCauseInstanceOf(StoreException.class);
      assertThat(((Commit.Done) after.get()).revision()).isEqualTo(2);
    }
  }

  @Test
  void endlessUpdatesKeepTheFileUnderABound() throws Exception {
    long largest = 0;
    try (Store store = SqliteStore.open(file, OPTIONS.withHistory(500, 1 << 20))) {
      for (int round = 0; round < 60; round++) {
        for (int i = 0; i < 10; i++) {
          Op[] updates = new Op[20];
          for (int key = 0; key < updates.length; key++) {
            updates[key] = put("p" + key, "v".repeat(2000 + round));
          }
          done(store, updates);
        }
        largest = Math.max(largest, Files.size(file));
      }
      assertThat(store.snapshot().revision()).isEqualTo(600);
    }
    // 24 MB were written; 1 MiB of history is kept, and some values more until they are swept.
    assertThat(largest).isLessThan(5 << 20);
    assertThat(Files.size(file)).isLessThan(5 << 20);
  }

  @Test
  void aFileShrinksAfterAPeak() throws Exception {
    try (Store store = SqliteStore.open(file, OPTIONS.withHistory(100, 100 << 10))) {
      for (int i = 0; i < 40; i++) {
        done(store, put("p" + i, "x".repeat(1 << 20)));
      }
      for (int i = 0; i < 40; i++) {
        done(store, new Op.Delete(key("p" + i), Op.ANY, new byte[0], -1));
      }
      for (int i = 0; i < 20; i++) {
        store.compact(store.snapshot().revision());
        done(store, put("a", "v" + i));
      }
    }
    assertThat(Files.size(file)).isLessThan(25 << 20);
  }

  @Test
  void theNativeLibraryIsKept() throws Exception {
    Path cache = folder.resolve("native");
    Process writer =
        ChildJvm.start(List.of(), CrashWriter.class, file.toString(), cache.toString(), "1");
    try {
      assertThat(writer.inputReader(StandardCharsets.UTF_8).readLine()).startsWith("opened");
      try (Stream<Path> kept = Files.walk(cache)) {
        assertThat(kept.filter(Files::isRegularFile))
            .singleElement()
            .extracting(path -> path.getFileName().toString())
            .isEqualTo(System.mapLibraryName("sqlitejdbc"));
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }
}
