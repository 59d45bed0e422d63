package dev.kapell.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogReaderTest {
  @TempDir private Path folder = Path.of("");

  private byte[] read(String log, LogQuery query) throws IOException, InterruptedException {
    Path file = Files.write(folder.resolve("0.log"), log.getBytes(StandardCharsets.ISO_8859_1));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new LogReader(file, query, out, () -> false).copy();
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({", abc|de|f|", "1, f|", "2, de|f|", "9, abc|de|f|", "0, ''"})
  void theLastLinesAreThoseThatWereAskedFor(Long tail, String expected)
      throws IOException, InterruptedException {
    String log = "t1 stdout P ab\nt1 stdout F c\nt2 stderr F de\nt3 stdout F f\n";
    byte[] said = read(log, new LogQuery(false, false, tail, null, null, ""));
    assertThat(new String(said, StandardCharsets.UTF_8).replace('\n', '|')).isEqualTo(expected);
  }

  @Test
  void whatIsNoTextComesAsItWasWritten() throws IOException, InterruptedException {
    String binary = "\u00ff\u0080\u00c3 \u00e4";
    byte[] said =
        read("t stdout F " + binary + "\n", new LogQuery(false, false, null, null, null, ""));
    assertThat(said).isEqualTo((binary + "\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aLogsLastWordsAreReadFromItsEnd() throws IOException {
    Path file = Files.writeString(folder.resolve("1.log"), "t stdout F a\nt stderr F b\n");
    assertThat(LogReader.last(file, 1)).isEqualTo("b\n".getBytes(StandardCharsets.UTF_8));
  }
}
