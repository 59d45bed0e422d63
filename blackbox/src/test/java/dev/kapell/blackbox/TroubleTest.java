package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine or a client that is not as it should be: one sentence, an exit code, and the server
 * that runs already lives on.
 */
@OwnsCluster
class TroubleTest {
  private static final int SQLITE_PAGE_BYTES = 4096;
  private static final int SQLITE_USER_VERSION = 60;
  private static final int SQLITE_APPLICATION = 68;

  @AfterEach
  void theServerLivesOn() {
    Kapell.kapell("status").ok();
  }

  @Test
  void aPortInUseIsNamedAndNothingIsLeftBehind(@TempDir Path folder) {
    String printed =
        Kapell.kapell(
                "up",
                "--data-dir",
                folder.toString(),
                "--port",
                "" + Kapell.PORT,
                "--bind",
                "127.0.0.1")
            .refused();
    assertOneSentence(printed, "port " + Kapell.PORT + " is in use", "--port");
    assertThat(folder.resolve("containerd")).doesNotExist();
  }

  @Test
  void aDataFolderOfAnotherVersionIsLeftAlone(@TempDir Path folder) throws Exception {
    Path store = folder.resolve("state/kapell.db");
    Files.createDirectories(store.getParent());
    byte[] database = emptyDatabase(999);
    Files.write(store, database);
    assertOneSentence(
        Kapell.kapell("server", "--no-node", "--port", "16600", "--data-dir", folder.toString())
            .refused(),
        "format 999");
    assertThat(Files.readAllBytes(store)).isEqualTo(database);
  }

  /** One page of SQLite's file format that is Kapell's by its application id. */
  private static byte[] emptyDatabase(int version) {
    ByteBuffer page = ByteBuffer.allocate(SQLITE_PAGE_BYTES);
    page.put("SQLite format 3\0".getBytes(StandardCharsets.US_ASCII));
    page.putShort((short) SQLITE_PAGE_BYTES).put(new byte[] {1, 1, 0, 64, 32, 32});
    page.putInt(24, 1)
        .putInt(28, 1)
        .putInt(44, 4)
        .putInt(56, 1)
        .putInt(92, 1)
        .putInt(96, 3_045_000);
    page.putInt(SQLITE_USER_VERSION, version);
    page.put(SQLITE_APPLICATION, "Kapl".getBytes(StandardCharsets.US_ASCII));
    page.put(100, (byte) 0x0d).putShort(105, (short) SQLITE_PAGE_BYTES);
    return page.array();
  }

  @Test
  void withoutRootItSaysSo() {
    String[] nobody = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    assumeTrue(
        run(with(nobody, "test", "-x", Kapell.command())).code() == 0,
        "nobody may not read " + Kapell.command());
    assertOneSentence(run(with(nobody, Kapell.command(), "up")).refused(), "root", "sudo");
  }

  @Test
  void withoutContainerdItSaysWhatToInstall(@TempDir Path folder) {
    Path containerd = Path.of("/usr/bin/containerd");
    assumeTrue(Files.exists(containerd), "containerd is not in " + containerd);
    String script =
        "mount --bind /dev/null %s && exec %s up --no-install --data-dir %s --port 16600"
            .formatted(containerd, Kapell.command(), folder);
    assertOneSentence(run("unshare", "-m", "sh", "-c", script).refused(), "containerd", "install");
  }

  @Test
  void aFullDiskIsNamed(@TempDir Path folder) {
    String script =
        "mount -t tmpfs -o size=64k full %2$s && exec %1$s server --no-node --data-dir %2$s --port 16600"
            .formatted(Kapell.command(), folder);
    assertOneSentence(
        run("unshare", "-m", "sh", "-c", script).refused(), "No space left on device");
  }

  @Test
  void aBodyOfTenMebibytesIsRefused() {
    String manifest =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: big}, data: {k: \"%s\"}}"
            .formatted("x".repeat(10 << 20));
    assertOneSentence(Kapell.kapellWithInput(manifest, "apply", "-").refused(), "too large");
    assertOneSentence(Kapell.kapell("get", "configmap", "big").refused(), "not found");
  }

  @Test
  void aRequestThatStopsHalfWayHoldsNobodyUp() throws IOException {
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Kapell.PORT)) {
        socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0});
        socket.getOutputStream().flush();
      }
    }
    assertThat(Kapell.kapell("get", "namespaces").ok()).contains("default");
  }

  @Test
  void aNameThatIsTakenIsSaidToBe() {
    assertThat(Kapell.kubectl("create", "namespace", "default").refused())
        .contains("already exists");
  }

  @Test
  void wrongUsagePointsToTheHelp() {
    Shell.Result result = Kapell.kapell("up", "--no-such-option");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.output())
        .contains("--no-such-option", "kapell up --help")
        .doesNotContain("Usage:");
  }

  private static void assertOneSentence(String printed, String... words) {
    assertThat(printed)
        .contains(words)
        .contains("kapell: ")
        .doesNotContain("at dev.kapell", "Exception");
    assertThat(printed.lines().filter(line -> !line.isBlank()))
        .as("lines of: %s", printed)
        .hasSizeLessThanOrEqualTo(2);
  }

  private static String[] with(String[] first, String... rest) {
    String[] all = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, all, first.length, rest.length);
    return all;
  }

  private static Shell.Result run(String... command) {
    return Shell.run(Kapell.environment(), "", command);
  }
}
