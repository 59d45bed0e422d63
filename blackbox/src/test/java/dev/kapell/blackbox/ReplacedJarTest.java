package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last step of the build, which puts the new jar where a running server has the old one. */
class ReplacedJarTest {
  @TempDir private Path folder;

  private Path jar(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
      out.putNextEntry(new ZipEntry("said.txt"));
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private static String said(JarFile jar) throws IOException {
    return new String(
        jar.getInputStream(jar.getEntry("said.txt")).readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void whoRunsFromAJarKeepsItWhenTheBuildBringsANewOne() throws Exception {
    Path finished = jar("kapell.jar", "old");
    Path draft = jar("draft.jar", "new, and a good deal longer than what was there before");
    try (JarFile running = new JarFile(finished.toFile())) {
      Process step =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  Kapell.root().resolve("app/src/build/ModernClasses.java").toString(),
                  draft.toString(),
                  finished.toString())
              .inheritIO()
              .start();
      assertThat(step.waitFor()).isZero();
      assertThat(said(running)).isEqualTo("old");
    }
    assertThat(draft).doesNotExist();
    try (JarFile next = new JarFile(finished.toFile())) {
      assertThat(said(next)).startsWith("new");
    }
  }
}
