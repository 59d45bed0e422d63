package dev.kapell.app.manifest;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What the server said when it refused. */
public final class Refusal {
  private Refusal() {}

  /** The message of the {@code Status} in {@code answer}, or its text. */
  public static String message(Connection.Answer answer) {
    try {
      String message = Tree.text(JsonCodec.readTree(answer.body()), "message");
      if (!message.isEmpty()) {
        return message;
      }
    } catch (DecodeException e) {
      return "code " + answer.code() + ": " + new String(answer.body(), StandardCharsets.UTF_8);
    }
    return "code " + answer.code();
  }

  /** What is said where a stream was asked for. */
  public static UserError of(Connection.Stream stream) throws IOException {
    return new UserError(
        message(new Connection.Answer(stream.code(), stream.body().readAllBytes())));
  }
}
