package dev.kapell.blackbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One running cluster for all black-box tests, started through {@code ./kapell up} in a folder of its own and purged at the end. Skips
 * the tests where it cannot run: without root, or while another cluster holds this machine's network.
 */
final class Kapell implements BeforeAllCallback {
  private static final String PORT = "16543";
  private static final String AGENT_PORT = "16550";

  /** The root of the project. */
  static Path root() {
    return Path.of("").toAbsolutePath().getParent();
  }

  private record Running(Path dataDir) implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    @Override
    public void close() {
      kapell("down", "--purge").ok();
    }
  }

  private static Path dataDir() {
    return Path.of("/var/lib/kapell-blackbox");
  }

  static Path kubeconfig() {
    return dataDir().resolve("admin.kubeconfig");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    assumeTrue("root".equals(System.getProperty("user.name")), "real containers need root");
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(Running.class.getName(), key -> start(), Running.class);
  }

  private static Running start() {
    Shell.run(environment(), "", root().resolve("kapell").toString(), "down", "--purge");
    kapell("up", "--port", PORT, "--agent-port", AGENT_PORT, "--bind", "127.0.0.1").ok();
    return new Running(dataDir());
  }

  private static Map<String, String> environment() {
    return Map.of("KAPELL_DATA_DIR", dataDir().toString(), "KUBECONFIG", kubeconfig().toString());
  }

  /** Runs {@code ./kapell} with {@code arguments}. */
  static Shell.Result kapell(String... arguments) {
    return kapellWithInput("", arguments);
  }

  static Shell.Result kapellWithInput(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(root().resolve("kapell").toString()));
    command.addAll(List.of(arguments));
    return Shell.run(environment(), input, command.toArray(String[]::new));
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
        try {
          folders.add(kubectl.toRealPath().getParent());
        } catch (IOException e) {
          continue; // a dangling link is no kubectl
        }
      }
    }
    Path found =
        folders.stream()
            .flatMap(folder -> Stream.of(folder.resolve("kubectl." + version), folder.resolve("kubectl-" + version)))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(found != null, "no kubectl." + version + " beside kubectl on the PATH, nor in KUBECTL_DIR");
    return found;
  }

  /** Repeats {@code check} until it holds, at most {@code seconds}; the last failure is the test's. */
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
