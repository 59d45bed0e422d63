package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SharesCluster
class ComposeTest {
  private static final String PORT = "18088";

  @Test
  void theExampleServesIsChangedServiceByServiceAndLeavesNoVolume(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("compose.yaml");
    Files.copy(Kapell.root().resolve("examples/compose/compose.yaml"), file);
    Files.writeString(folder.resolve(".env"), "WEB_PORT=" + PORT + "\n");
    try {
      compose(folder, "up", "-d").ok();
      Kapell.eventually(
          30,
          () -> assertThat(Page.tryGet("http://127.0.0.1:" + PORT + "/")).contains("Hello number"));

      String shown = compose(folder, "ps").ok();
      assertThat(shown).contains("counter", "web", "Running");
      assertThat(compose(folder, "logs").code()).isZero();
      String web = uid("web");
      String counter = uid("counter");

      assertThat(compose(folder, "up", "-d").ok()).doesNotContain("created");
      Files.writeString(folder.resolve(".env"), "WEB_PORT=" + PORT + "\nGREETING=Bonjour\n");
      compose(folder, "up", "-d").ok();
      Kapell.eventually(
          30,
          () ->
              assertThat(Page.tryGet("http://127.0.0.1:" + PORT + "/")).contains("Bonjour number"));
      assertThat(uid("web")).as("the service that did not change").isEqualTo(web);
      assertThat(uid("counter")).as("the service that changed").isNotEqualTo(counter);
    } finally {
      assertThat(compose(folder, "down", "-v").ok()).contains("pages");
    }
    assertThat(Page.tryGet("http://127.0.0.1:" + PORT + "/")).contains("ConnectException");
    assertThat(volumes()).isEmpty();
  }

  @Test
  void aKeyThatIsNotHandledIsRefusedByNameAndLine(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("compose.yaml"),
        "services:\n  web:\n    image: kapell.local/toolbox:1\n    cgroup_parent: x\n");
    assertThat(compose(folder, "up", "-d").refused())
        .contains("cgroup_parent")
        .contains("4")
        .doesNotContain("at dev.kapell");
  }

  private static Shell.Result compose(Path folder, String... arguments) {
    return Kapell.kapell(
        Stream.concat(
                Stream.of(
                    "compose", "-p", "blackbox", "-f", folder.resolve("compose.yaml").toString()),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  private static String uid(String service) {
    String uids =
        Kapell.kubectl(
                "-n",
                "compose-blackbox",
                "get",
                "pods",
                "-l",
                "kapell.dev/compose-service=" + service,
                "-o",
                "jsonpath={.items[*].metadata.uid}")
            .ok();
    assertThat(uids).as("uid of the one pod of " + service).isNotBlank().doesNotContain(" ");
    return uids;
  }

  private static Stream<Path> volumes() throws IOException {
    Path folder = Kapell.dataDir().resolve("volumes");
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> found = Files.walk(folder)) {
      return found
          .filter(path -> path.getFileName().toString().contains("pages"))
          .toList()
          .stream();
    }
  }
}
