package dev.kapell.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A Java process of a test's own, on the class path of the test. */
final class ChildJvm {
  private ChildJvm() {}

  /** Starts {@code main}, small and fast; {@code before} is what runs it, for instance a shell. */
  static Process start(List<String> before, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
