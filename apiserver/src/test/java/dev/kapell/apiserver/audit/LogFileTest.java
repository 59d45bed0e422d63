package dev.kapell.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:34:43.591Z");

  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private LogFile open(int bytes, int files, int days) {
    return new LogFile(folder.resolve("audit.log"), new AuditOptions.Rotation(bytes, files, days));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void aFullFileIsPutAsideAndOnlySoManyAreKept() throws Exception {
    try (LogFile log = open(10, 2, 0)) {
      for (int i = 0; i < 6; i++) {
        log.line(bytes("line " + i), NOW.plusSeconds(i));
      }
    }
    assertThat(names())
        .containsExactly(
            "audit-2026-11-21T08-34-47.591.log", "audit-2026-11-21T08-34-48.591.log", "audit.log");
    assertThat(folder.resolve("audit.log")).hasContent("line 5");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("audit.log"))))
        .isEqualTo("rw-------");
  }

  @Test
  void oldFilesGoByTheirAge() throws Exception {
    try (LogFile log = open(10, 0, 7)) {
      for (int day = 0; day < 20; day += 5) {
        log.line(bytes("line " + day), NOW.plus(Duration.ofDays(day)));
      }
    }
    assertThat(names())
        .containsExactly(
            "audit-2026-12-01T08-34-43.591.log", "audit-2026-12-06T08-34-43.591.log", "audit.log");
  }

  @Test
  void anotherStartGoesOnInTheSameFile() throws Exception {
    try (LogFile log = open(100, 0, 0)) {
      log.line(bytes("one"), NOW);
    }
    try (LogFile log = open(100, 0, 0)) {
      log.line(bytes("two"), NOW);
    }
    assertThat(folder.resolve("audit.log")).hasContent("one\ntwo");
  }
}
