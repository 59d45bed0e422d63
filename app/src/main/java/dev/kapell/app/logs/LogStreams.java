package dev.kapell.app.logs;

import dev.kapell.app.manifest.Refusal;
import dev.kapell.base.TaskScope;
import dev.kapell.client.http.Connection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Several logs at once, each line behind the name of its source. */
public final class LogStreams {
  private LogStreams() {}

  /**
   * Prints until every stream has ended; false when one of them could not be read, of which
   * standard error says why. {@code paths} maps a source's shown name to its log's path.
   */
  public static boolean print(Connection connection, Map<String, String> paths)
      throws InterruptedException {
    int width = paths.keySet().stream().mapToInt(String::length).max().orElse(0);
    AtomicBoolean failed = new AtomicBoolean();
    try (TaskScope scope =
        new TaskScope(
            "logs",
            (task, cause) -> {
              failed.set(true);
              System.err.println("kapell: " + task + ": " + cause.getMessage());
            })) {
      List<Thread> readers = new ArrayList<>();
      paths.forEach(
          (name, path) ->
              readers.add(
                  scope.start(
                      name,
                      () ->
                          read(
                              connection,
                              path,
                              name + " ".repeat(width - name.length()) + " | "))));
      for (Thread reader : readers) {
        reader.join();
      }
    }
    return !failed.get();
  }

  private static void read(Connection connection, String path, String prefix) throws IOException {
    try (Connection.Stream stream = connection.open(path, "*/*");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      if (stream.code() != 200) {
        throw Refusal.of(stream);
      }
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(prefix + line);
      }
    }
  }
}
