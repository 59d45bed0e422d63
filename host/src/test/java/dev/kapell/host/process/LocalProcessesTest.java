package dev.kapell.host.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.host.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalProcessesTest {
  private final Processes processes = Processes.ofThisMachine();

  @Test
  void givesInputAndTakesOutputAndExitCode() throws Exception {
    Command command =
        Command.of("sh", "-c", "cat; echo $WORD >&2; exit 3")
            .withInput("hello")
            .withEnvironment(Map.of("WORD", "oops"));
    CommandResult result = processes.run(command);
    assertThat(result.stdout()).isEqualTo("hello");
    assertThat(result.stderr()).isEqualTo("oops\n");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThatThrownBy(() -> processes.require(command))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("exit code 3: oops");
  }

  @Test
  void aProgramThatTakesTooLongIsKilledWithItsChildren() {
    Command command =
        Command.of("sh", "-c", "sleep 600 & sleep 600").withLimit(Duration.ofMillis(200));
    assertThatThrownBy(() -> processes.run(command))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("killed");
    assertThat(
            ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().command().orElse("").endsWith("sleep")))
        .isEmpty();
  }

  @Test
  void outputBeyondTheLimitIsDropped() throws Exception {
    Command command =
        new Command(
            java.util.List.of("sh", "-c", "yes | head -c 100000"),
            new byte[0],
            Map.of(),
            Duration.ofSeconds(10),
            1000);
    assertThat(processes.run(command).stdout()).hasSize(1000);
  }

  @Test
  void aProgramThatIsNotThereSaysSo() {
    assertThatThrownBy(() -> processes.run(Command.of("/no/such/program")))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("cannot start /no/such/program");
  }

  private static long session(long pid) {
    try {
      return Long.parseLong(Files.readString(Path.of("/proc/" + pid + "/stat")).split(" ", -1)[5]);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aDetachedProgramLeadsASessionOfItsOwn(@TempDir Path directory) throws Exception {
    Path log = directory.resolve("log");
    long pid = processes.startDetached(Command.of("sh", "-c", "echo up; sleep 600"), log);
    assertThat(processes.isAlive(pid)).isTrue();
    Waiting.until("it leads its session", () -> session(pid) == pid);
    processes.killTree(pid);
    processes.onExit(pid).get(10, TimeUnit.SECONDS);
    assertThat(processes.isAlive(pid)).isFalse();
    assertThat(Files.readString(log)).isIn("", "up\n");
    assertThat(processes.signal(pid, Processes.Signal.TERM)).isFalse();
  }
}
