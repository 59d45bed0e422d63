package dev.kapell.host.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The images of one machine. Calls block, are safe from any thread, and throw {@link
 * RuntimeFailure}.
 */
public interface Images {

  /** All images, in no order. */
  List<Image> list();

  /**
   * The image of a name, digest or id; empty when it is not here. Names are completed as Docker
   * does.
   */
  Optional<Image> find(String nameOrId);

  /**
   * Fetches an image from its registry; up to ten minutes.
   *
   * @param name as a pod writes it
   * @param auth null: anonymous
   * @return what {@link ContainerSpec#image} takes
   * @throws RuntimeFailure with one of the image kinds
   */
  String pull(String name, @Nullable RegistryAuth auth);

  /** Removes an image by name or id; containers made from it run on. Repeatable. */
  void remove(String nameOrId);

  /**
   * Loads every image of an OCI or {@code docker save} archive (tar, tar.gz).
   *
   * @return the names it had, completed
   */
  List<String> load(Path archive);

  /** What the images take on disk. */
  ImageUsage usage();

  /**
   * One image.
   *
   * @param id digest of its configuration, {@code sha256:…}
   * @param tags full names with tags
   * @param digests full names with digests
   * @param uid number of the user it runs as, null when it names one or says nothing
   * @param username name of the user it runs as, empty when it has a number or says nothing
   */
  record Image(
      String id,
      List<String> tags,
      List<String> digests,
      long sizeBytes,
      @Nullable Long uid,
      String username) {
    /** Copies the lists. */
    public Image {
      tags = List.copyOf(tags);
      digests = List.copyOf(digests);
    }
  }

  /**
   * What one registry wants to know about us. Either name and password, or a token.
   *
   * @param identityToken empty: name and password
   */
  record RegistryAuth(
      String username, String password, String serverAddress, String identityToken) {
    @Override
    public String toString() {
      return "RegistryAuth[username=" + username + ", serverAddress=" + serverAddress + "]";
    }
  }

  /** Disk use of image layers. */
  record ImageUsage(Path mountpoint, long usedBytes, long usedInodes) {}
}
