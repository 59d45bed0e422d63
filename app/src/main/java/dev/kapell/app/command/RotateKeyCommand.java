package dev.kapell.app.command;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.cluster.LocalCluster;
import dev.kapell.app.manifest.Refusal;
import dev.kapell.app.server.ServerLog;
import dev.kapell.app.server.StateFile;
import dev.kapell.app.terminal.Screen;
import dev.kapell.app.terminal.UserError;
import dev.kapell.client.http.Connection;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kapell rotate-encryption-key}: Secrets under a new key, while the server runs or not. */
@Command(
    name = "rotate-encryption-key",
    description =
        "Makes a new key for Secrets at rest, encrypts them all again and forgets the old key."
            + " Backups from before need the key file from before.")
final class RotateKeyCommand implements Callable<Integer> {
  @Mixin private ClusterOptions options = new ClusterOptions();

  @Override
  public Integer call() throws InterruptedException {
    ServerLog.configureQuiet();
    LocalCluster cluster = options.cluster();
    long written =
        cluster.server().isPresent() ? ofServer(cluster) : StateFile.rotateKeys(cluster.dataDir());
    Screen.standard()
        .line(
            written
                + " stored values encrypted with a new key; keep a copy of "
                + cluster.dataDir().encryptionKeys());
    return 0;
  }

  private static long ofServer(LocalCluster cluster) {
    try (Connection connection = cluster.connect()) {
      Connection.Answer answer =
          connection.send("POST", "/debug/rotate-encryption-key", "application/json", new byte[0]);
      if (!answer.isSuccess()) {
        throw new UserError(Refusal.message(answer));
      }
      return JsonCodec.readTree(answer.body()) instanceof Map<?, ?> done
              && done.get("rewritten") instanceof Number number
          ? number.longValue()
          : 0;
    }
  }
}
