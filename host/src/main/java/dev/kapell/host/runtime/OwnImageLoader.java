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
   * Loads the sandbox image and the toolbox, as one archive below {@code scratch}, which exists. A
   * stamp stays there, so that the next call need not put the images together to know that they are
   * the same.
   *
   * @param busybox a static busybox
   * @return the names of what had to be loaded
   */
  public List<String> load(Path busybox, Path scratch) throws InterruptedException {
    Path stampFile = scratch.resolve("own-images.stamp");
    try {
      String stamp = stamp(busybox);
      if (Files.exists(stampFile) && Files.readString(stampFile).equals(stamp) && allThere()) {
        return List.of();
      }
      List<String> loaded = loadMissing(busybox, scratch.resolve("own-images.tar"));
      Files.writeString(stampFile, stamp);
      return loaded;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot put the images together in " + scratch, e);
    }
  }

  /** Changes with our own layout of the images and with the busybox. */
  private String stamp(Path busybox) throws IOException {
    return String.join(
        " ",
        OciArchive.idOf(OwnImages.pause(architecture)),
        OciArchive.idOf(OwnImages.toolbox(architecture, new byte[0], List.of())),
        busybox.toString(),
        Long.toString(Files.size(busybox)),
        Files.getLastModifiedTime(busybox).toString());
  }

  private boolean allThere() {
    return images.find(OwnImages.PAUSE).isPresent() && images.find(OwnImages.TOOLBOX).isPresent();
  }

  private List<String> loadMissing(Path busybox, Path file)
      throws IOException, InterruptedException {
    List<ImageSpec> missing =
        List.of(OwnImages.pause(architecture), toolbox(busybox)).stream()
            .filter(this::isMissing)
            .toList();
    if (missing.isEmpty()) {
      return List.of();
    }
    OciArchive archive = new OciArchive();
    missing.forEach(archive::add);
    try {
      archive.writeTo(file);
      return images.load(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private boolean isMissing(ImageSpec image) {
    return images
        .find(image.name())
        .filter(found -> found.id().equals(OciArchive.idOf(image)))
        .isEmpty();
  }

  private ImageSpec toolbox(Path busybox) throws IOException, InterruptedException {
    List<String> applets =
        processes.require(Command.of(busybox.toString(), "--list")).lines().toList();
    return OwnImages.toolbox(architecture, Files.readAllBytes(busybox), applets);
  }
}
