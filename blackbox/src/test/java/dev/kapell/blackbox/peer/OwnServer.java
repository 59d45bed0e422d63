package dev.kapell.blackbox.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The Kapell to compare: the one that is named, or one without a node, started and ended here. */
final class OwnServer {
  private static final String PORT = "16643";
  private static final int SECONDS_TO_START = 120;

  private OwnServer() {}

  /** Where its kubeconfig is; what has to be ended is added to {@code open}. */
  static Path kubeconfig(List<AutoCloseable> open) throws IOException, InterruptedException {
    String named = System.getenv("KAPELL_KUBECONFIG");
    if (named != null) {
      return Path.of(named);
    }
    Path data = Files.createTempDirectory("kapell-peer");
    String command = Path.of("..", "kapell").toAbsolutePath().normalize().toString();
    Process server =
        new ProcessBuilder(
                command,
                "server",
                "--no-node",
                "--bind",
                "127.0.0.1",
                "--port",
                PORT,
                "--data-dir",
                data.toString())
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("server.log").toFile())
            .start();
    open.add(
        () -> {
          server.descendants().forEach(ProcessHandle::destroy);
          server.destroy();
          server.waitFor(30, TimeUnit.SECONDS);
        });
    Path kubeconfig = data.resolve("admin.kubeconfig");
    for (int tries = 0; !Files.exists(kubeconfig); tries++) {
      if (tries > SECONDS_TO_START || !server.isAlive()) {
        throw new IllegalStateException(
            "kapell server did not start: " + Files.readString(data.resolve("server.log")));
      }
      TimeUnit.SECONDS.sleep(1);
    }
    return kubeconfig;
  }
}
