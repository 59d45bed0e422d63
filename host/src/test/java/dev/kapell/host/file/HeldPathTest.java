package dev.kapell.host.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeldPathTest {
  @TempDir Path directory;
  private Path volume;

  @BeforeEach
  void makesAVolume() throws IOException {
    volume = Files.createDirectories(directory.resolve("volume"));
    Files.createDirectories(volume.resolve("a/b"));
    Files.writeString(volume.resolve("a/b/inside"), "x");
    Files.writeString(directory.resolve("secret"), "of the host");
  }

  private Path link(String name, String to) throws IOException {
    return Files.createSymbolicLink(volume.resolve(name), Path.of(to));
  }

  @Test
  void whatIsHeldStaysTheSameWhenItsNameBecomesALink() throws IOException {
    try (HeldPath held = HeldPath.below(volume, Path.of("a/b"))) {
      Files.move(volume.resolve("a"), volume.resolve("moved"));
      link("a", "/");
      assertThat(held.isDirectory()).isTrue();
      assertThat(held.path().resolve("inside")).hasContent("x");
    }
  }

  @ParameterizedTest
  @CsvSource({"within, a/b", "chain, within", "round, a/../a/b", "up/../within, .", "'', ."})
  void linksThatStayInsideAreFollowed(String sub, String unused) throws IOException {
    link("within", "a/b");
    link("chain", "within");
    link("round", "a/../a/b");
    Files.createDirectory(volume.resolve("up"));
    try (HeldPath held = HeldPath.below(volume, Path.of(sub).normalize())) {
      assertThat(held.path().resolve(sub.isEmpty() ? "a" : "inside")).exists();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"absolute", "relative", "absolute/etc", "a/deep/secret", "file"})
  void linksThatLeadOutAreRefused(String sub) throws IOException {
    link("absolute", "/");
    link("relative", "../..");
    link("a/deep", "../..");
    link("file", "../secret");
    assertThatThrownBy(() -> HeldPath.below(volume, Path.of(sub)))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("leads out of");
    assertThatThrownBy(() -> HeldPath.belowMaking(volume, Path.of(sub), folder -> {}))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("leads out of");
  }

  @Test
  void whatIsMissingIsToldOrMade() throws IOException {
    assertThatThrownBy(() -> HeldPath.below(volume, Path.of("a/none")))
        .isInstanceOf(NoSuchFileException.class);
    List<Integer> modes = new ArrayList<>();
    try (HeldPath held =
        HeldPath.belowMaking(
            volume,
            Path.of("a/one/two"),
            folder -> {
              Files.setAttribute(folder, "unix:mode", 0751);
              modes.add((int) Files.getAttribute(folder, "unix:mode") & 07777);
            })) {
      Files.writeString(held.path().resolve("file"), "made");
    }
    assertThat(volume.resolve("a/one/two/file")).hasContent("made");
    assertThat(modes).containsExactly(0751, 0751);
  }

  @Test
  void foldersAreNotMadeBehindALinkThatLeadsOut() throws IOException {
    link("out", "..");
    assertThatThrownBy(() -> HeldPath.belowMaking(volume, Path.of("out/new"), folder -> {}))
        .hasMessageContaining("leads out of");
    assertThat(directory.resolve("new")).doesNotExist();
  }

  /** Somebody makes a folder a link to the machine's root and back, as fast as it goes. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "a/b/inside"})
  void whoeverSwapsALinkInNeverGetsAnythingOutside(String sub) throws Exception {
    Path swapped = volume.resolve(sub.equals("a") ? "a" : "a/b");
    Path aside = volume.resolve("aside");
    Path link = link("link", "/");
    AtomicBoolean over = new AtomicBoolean();
    Thread swapping =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (!over.get()) {
                      Files.move(swapped, aside);
                      Files.move(link, swapped);
                      Files.move(swapped, link);
                      Files.move(aside, swapped);
                    }
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
    String marker = sub.equals("a") ? "b/inside" : sub.equals("a/b") ? "inside" : "";
    int held = 0;
    int refused = 0;
    try {
      while (held + refused < 20_000) {
        try (HeldPath found = HeldPath.below(volume, Path.of(sub))) {
          assertThat(found.path().resolve(marker)).as("after %s tries", held).hasContent("x");
          held++;
        } catch (FileSystemException e) {
          refused++;
        }
      }
    } finally {
      over.set(true);
      swapping.join();
    }
    assertThat(held).as("times held; refused %s times", refused).isPositive();
    assertThat(refused).as("times refused; held %s times", held).isPositive();
  }
}
