package dev.kapell.app.command;

import dev.kapell.app.cluster.Machine;
import dev.kapell.app.server.Server;
import dev.kapell.app.server.ServerLog;
import dev.kapell.app.server.ServerSettings;
import dev.kapell.app.terminal.Screen;
import dev.kapell.app.terminal.UserError;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code kapell server}: runs in the foreground until it is told to end. Pods go on when it ends.
 */
@Command(
    name = "server",
    description = "Runs the server in the foreground; ends with Ctrl-C, pods go on.")
final class ServerCommand implements Callable<Integer> {
  /** The exit code for what no restart mends; the launcher's supervisor knows it. */
  private static final int BAD_CONFIGURATION = 78;

  @Mixin private ClusterOptions options = new ClusterOptions();
  @Mixin private ServerOptionsMixin serverOptions = new ServerOptionsMixin();
  @Mixin private OperationsMixin operations = new OperationsMixin();

  @Override
  public Integer call() throws InterruptedException {
    ServerLog.configure();
    try {
      if (!serverOptions.noNode()) {
        Machine.requireRoot("kapell server");
        Machine.requirePackages(false, Screen.standard());
      }
      CountDownLatch end = new CountDownLatch(1);
      CountDownLatch ended = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    end.countDown();
                    awaitQuietly(ended);
                  },
                  "shutdown"));
      try {
        Server server = Server.start(settings());
        try {
          end.await();
        } finally {
          server.close();
        }
      } finally {
        ended.countDown(); // also when the start failed: the hook waits for it
      }
      return 0;
    } catch (UserError e) {
      System.err.println("kapell: " + e.getMessage());
      return BAD_CONFIGURATION;
    }
  }

  /** What the command line asks for. */
  ServerSettings settings() {
    return new ServerSettings(
        options.cluster().dataDir(),
        serverOptions.bind(),
        serverOptions.port(),
        serverOptions.agentPort(),
        nodeName(),
        !serverOptions.noNode(),
        serverOptions.runtimeSocket(),
        operations.settings());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String nodeName() {
    if (!serverOptions.nodeName().isEmpty()) {
      return serverOptions.nodeName();
    }
    return dev.kapell.host.machine.Machine.ofThisMachine().hostname().toLowerCase(Locale.ROOT);
  }
}
