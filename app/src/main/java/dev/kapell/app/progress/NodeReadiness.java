package dev.kapell.app.progress;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.terminal.Screen;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.base.Clock;
import dev.kapell.client.http.Connection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits until a node is ready to run pods. */
public final class NodeReadiness {
  private NodeReadiness() {}

  /**
   * Returns once any node is Ready; a {@link UserError} with its reason when none is within {@code
   * limit}.
   */
  public static void await(Connection connection, Screen screen, Clock clock, Duration limit) {
    long deadline = clock.nanoTime() + limit.toNanos();
    String reason = "no node has registered";
    while (clock.nanoTime() < deadline) {
      long seconds = Math.max(1, Duration.ofNanos(deadline - clock.nanoTime()).toSeconds());
      try (Connection.Stream stream =
              connection.open(
                  "/api/v1/nodes?watch=1&timeoutSeconds=" + seconds, "application/json");
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Object node =
              Tree.at(JsonCodec.readTree(line.getBytes(StandardCharsets.UTF_8)), "object");
          String complaint = complaint(node);
          if (complaint.isEmpty()) {
            return;
          }
          if (!complaint.equals(reason)) {
            reason = complaint;
            screen.line(
                "node/" + Tree.text(node, "metadata", "name") + " is not ready yet: " + reason);
          }
        }
      } catch (IOException e) {
        reason = "the connection broke: " + e.getMessage();
      }
    }
    throw new UserError("no node is ready after " + limit.toSeconds() + " s: " + reason);
  }

  private static String complaint(@Nullable Object node) {
    for (Object condition : Tree.list(node, "status", "conditions")) {
      if (Tree.text(condition, "type").equals("Ready")) {
        return Tree.text(condition, "status").equals("True")
            ? ""
            : Tree.text(condition, "message").isEmpty()
                ? Tree.text(condition, "reason")
                : Tree.text(condition, "message");
      }
    }
    return "it has not reported yet";
  }
}
