package dev.kapell.blackbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One running cluster for all black-box tests, started through {@code ./kapell up} (or the command
 * in the environment variable {@code KAPELL}) in a folder of its own and purged at the end. Skips
 * the tests where it cannot run: without root, or while another cluster holds this machine's
 * network.
 */
final class Kapell implements ExecutionCondition, BeforeAllCallback {
  /** The port of the API. */
  static final int PORT = 16543;

  private static final int AGENT_PORT = 16550;
  private static final int USUAL_PORT = 6443;
  private static final String BRIDGE = "kapell0";

  /** Held by who makes sure that the cluster runs. */
  private static final ReentrantLock STARTING = new ReentrantLock();

  /** The root of the project. */
  static Path root() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /** The command that is tested. */
  static String command() {
    String named = System.getenv("KAPELL");
    return named == null ? root().resolve("kapell").toString() : named;
  }

  private record Running() implements AutoCloseable {
    @Override
    public void close() {
      kapell("down", "--purge").ok();
    }
  }

  static Path dataDir() {
    return Path.of("/var/lib/kapell-blackbox");
  }

  static Path kubeconfig() {
    return dataDir().resolve("admin.kubeconfig");
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return ConditionEvaluationResult.disabled("real containers need root");
    }
    if (answers(USUAL_PORT)) {
      return ConditionEvaluationResult.disabled(
          "another cluster runs here: something listens on port " + USUAL_PORT);
    }
    if (hasBridge() && !Files.exists(dataDir())) {
      return ConditionEvaluationResult.disabled(
          "another cluster runs here: the interface " + BRIDGE + " is there");
    }
    return ConditionEvaluationResult.enabled("the machine is ours");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(Running.class.getName(), key -> claim(), Running.class);
    STARTING.lock();
    try {
      up();
    } finally {
      STARTING.unlock();
    }
  }

  /** Removes what an earlier run may have left, and sees to it that this one leaves nothing. */
  private static Running claim() {
    kapell("down", "--purge").ok();
    return new Running();
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false; // nobody listens, which is what we hope for
    }
  }

  private static boolean hasBridge() {
    try {
      return NetworkInterface.getByName(BRIDGE) != null;
    } catch (SocketException e) {
      throw new AssertionError("cannot list this machine's network interfaces", e);
    }
  }

  /**
   * Starts the cluster if it does not run; applies and waits for {@code manifests}. Returns what
   * was printed.
   */
  static String up(String... manifests) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "up", "--port", "" + PORT, "--agent-port", "" + AGENT_PORT, "--bind", "127.0.0.1"));
    arguments.addAll(List.of(manifests));
    return kapell(arguments.toArray(String[]::new)).ok();
  }

  /** What tells every program which cluster is meant. */
  static Map<String, String> environment() {
    return Map.of("KAPELL_DATA_DIR", dataDir().toString(), "KUBECONFIG", kubeconfig().toString());
  }

  /** Runs {@code ./kapell} with {@code arguments}. */
  static Shell.Result kapell(String... arguments) {
    return kapellWithInput("", arguments);
  }

  static Shell.Result kapellWithInput(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(command()));
    command.addAll(List.of(arguments));
    return Shell.run(environment(), input, command.toArray(String[]::new));
  }

  /** Runs {@code ./kapell kubectl}. */
  static Shell.Result kubectl(String... arguments) {
    return kapell(Stream.concat(Stream.of("kubectl"), Stream.of(arguments)).toArray(String[]::new));
  }

  /** Runs some kubectl with {@code arguments}. */
  static Shell.Result kubectl(Path kubectl, String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(kubectl.toString()));
    command.addAll(List.of(arguments));
    return Shell.run(environment(), input, command.toArray(String[]::new));
  }

  /** The kubectl of that version: beside the one on the path, or in {@code KUBECTL_DIR}. */
  static Path kubectl(String version) {
    List<Path> folders = new ArrayList<>();
    String named = System.getenv("KUBECTL_DIR");
    if (named != null) {
      folders.add(Path.of(named));
    }
    for (String folder : System.getenv("PATH").split(":", -1)) {
      Path kubectl = Path.of(folder, "kubectl");
      if (Files.isExecutable(kubectl)) {
        realFolder(kubectl).ifPresent(folders::add);
      }
    }
    Path found =
        folders.stream()
            .flatMap(
                folder ->
                    Stream.of(
                        folder.resolve("kubectl." + version), folder.resolve("kubectl-" + version)))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(
        found != null, "no kubectl." + version + " beside kubectl on the PATH, nor in KUBECTL_DIR");
    return found;
  }

  /** The folder of the file behind a link; empty when the link leads nowhere. */
  private static Optional<Path> realFolder(Path link) {
    try {
      return Optional.ofNullable(link.toRealPath().getParent());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Repeats {@code check} until it holds, at most {@code seconds}; the last failure is the test's.
   */
  static void eventually(int seconds, Runnable check) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (true) {
      try {
        check.run();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }
}
