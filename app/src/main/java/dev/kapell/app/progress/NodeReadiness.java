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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Waits until a node is ready to run pods, and says what it waits for. */
public final class NodeReadiness {
  private static final String UNSEEN = "it has not reported yet";
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

  private final Connection connection;
  private final Screen screen;
  private final Clock clock;
  private final Instant since;
  private String reason = "no node has registered";
  private boolean complained;

  /**
   * @param since what a node reported before is of an earlier life
   */
  public NodeReadiness(Connection connection, Screen screen, Clock clock, Instant since) {
    this.connection = connection;
    this.screen = screen;
    this.clock = clock;
    this.since = since.truncatedTo(ChronoUnit.SECONDS); // as exact as what nodes report
  }

  /**
   * Returns once any node is Ready; a {@link UserError} with its reason when none is within {@code
   * limit}.
   */
  public void await(Duration limit) throws InterruptedException {
    long deadline = clock.nanoTime() + limit.toNanos();
    while (clock.nanoTime() < deadline) {
      if (follow(Duration.ofNanos(deadline - clock.nanoTime()))) {
        return;
      }
      clock.sleep(BETWEEN_TRIES);
    }
    throw new UserError(
        "no node is ready after "
            + limit.toSeconds()
            + " s: "
            + reason
            + "; the server's own words are in its log (kapell status names it)");
  }

  /** Reads one watch to its end; true as soon as a node is ready. */
  private boolean follow(Duration limit) {
    String path = "/api/v1/nodes?watch=1&timeoutSeconds=" + Math.max(1, limit.toSeconds());
    try (Connection.Stream stream = connection.open(path, "application/json");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      if (stream.code() != 200) {
        complain("the server", "it answers with code " + stream.code());
        return false;
      }
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Object node = Tree.at(JsonCodec.readTree(line.getBytes(StandardCharsets.UTF_8)), "object");
        String name = "node/" + Tree.text(node, "metadata", "name");
        String complaint = complaint(node);
        if (complaint.isEmpty()) {
          if (complained) {
            screen.line(name + " is ready");
          }
          return true;
        }
        complain(name, complaint);
      }
    } catch (IOException e) {
      complain("the server", "the connection broke: " + e.getMessage());
    }
    return false;
  }

  private void complain(String who, String complaint) {
    if (!complaint.equals(reason)) {
      reason = complaint;
      complained = true;
      screen.line(who + " is not ready yet: " + complaint);
    }
  }

  private String complaint(@Nullable Object node) {
    for (Object condition : Tree.list(node, "status", "conditions")) {
      if (Tree.text(condition, "type").equals("Ready")) {
        if (!isNew(Tree.text(condition, "lastHeartbeatTime"))) {
          return UNSEEN;
        }
        String message = Tree.text(condition, "message");
        return Tree.text(condition, "status").equals("True")
            ? ""
            : message.isEmpty() ? Tree.text(condition, "reason") : message;
      }
    }
    return UNSEEN;
  }

  private boolean isNew(String heartbeat) {
    return heartbeat.isEmpty() || !Instant.parse(heartbeat).isBefore(since);
  }
}
