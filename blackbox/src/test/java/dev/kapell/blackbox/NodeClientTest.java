package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JavaScript client, as its registry delivers it, sees what happens, in order. */
@SharesCluster
class NodeClientTest {
  private static final Path PROGRAM = Path.of("src/test/node");

  @Test
  void clientNodeInformersSeeEveryChange(@TempDir Path folder) throws IOException {
    assumeTrue(Shell.run(Map.of(), "", "npm", "--version").code() == 0, "npm is not installed");
    for (String file : new String[] {"package.json", "informer.mjs"}) {
      Files.copy(PROGRAM.resolve(file), folder.resolve(file));
    }
    Shell.run(
            Map.of(),
            "",
            "npm",
            "--prefix=" + folder,
            "install",
            "--no-package-lock",
            "--no-audit",
            "--no-fund",
            "--silent",
            folder.toString())
        .ok();
    assertThat(
            Shell.run(
                    Map.of(),
                    "",
                    "node",
                    folder.resolve("informer.mjs").toString(),
                    Kapell.kubeconfig().toString())
                .ok())
        .contains("add 1", "update 2", "update 3", "delete 3");
  }
}
