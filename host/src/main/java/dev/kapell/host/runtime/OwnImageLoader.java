package dev.kapell.host.runtime;

import dev.kapell.host.image.ImageSpec;
import dev.kapell.host.image.OciArchive;
import dev.kapell.host.image.OwnImages;
import dev.kapell.host.process.Command;
import dev.kapell.host.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Sees to it that a runtime has the images that Kapell puts together itself. What is there and
 * equal is left alone.
 */
public final class OwnImageLoader {
  private final Images images;
  private final Processes processes;
  private final String architecture;

  /**
   * A loader.
   *
   * @param architecture as Go names it, see {@code Machine.info}
   */
  public OwnImageLoader(Images images, Processes processes, String architecture) {
    this.images = images;
    this.processes = processes;
    this.architecture = architecture;
  }

  /**
   * Loads the sandbox image and the toolbox, as one archive below {@code scratch}, which exists.
   *
   * @param busybox a static busybox
   * @return the names of what had to be loaded
   */
  public List<String> load(Path busybox, Path scratch) throws InterruptedException {
    List<ImageSpec> missing =
        List.of(OwnImages.pause(architecture), toolbox(busybox)).stream()
            .filter(this::isMissing)
            .toList();
    if (missing.isEmpty()) {
      return List.of();
    }
    Path file = scratch.resolve("own-images.tar");
    try {
      OciArchive archive = new OciArchive();
      missing.forEach(archive::add);
      archive.writeTo(file);
      return images.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    } finally {
      delete(file);
    }
  }

  private boolean isMissing(ImageSpec image) {
    return images
        .find(image.name())
        .filter(found -> found.id().equals(OciArchive.idOf(image)))
        .isEmpty();
  }

  private ImageSpec toolbox(Path busybox) throws InterruptedException {
    List<String> applets =
        processes.require(Command.of(busybox.toString(), "--list")).lines().toList();
    try {
      return OwnImages.toolbox(architecture, Files.readAllBytes(busybox), applets);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + busybox, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }
}
