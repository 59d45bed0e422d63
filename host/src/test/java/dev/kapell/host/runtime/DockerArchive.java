package dev.kapell.host.runtime;

import dev.kapell.host.image.ImageSpec;
import dev.kapell.host.image.Layer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** An archive as {@code docker save} writes it, gzipped. */
final class DockerArchive {
  private DockerArchive() {}

  static void write(Path file, ImageSpec image, String name)
      throws IOException, GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(image.layer());
    String config =
        """
        {"architecture":"%s","os":"linux","config":{"Cmd":["/pause"]},
         "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}"""
            .formatted(image.architecture(), HexFormat.of().formatHex(hash));
    String manifest =
        """
        [{"Config":"config.json","RepoTags":["%s"],"Layers":["one/layer.tar"]}]"""
            .formatted(name);
    byte[] archive =
        new Layer()
            .file("config.json", 0644, config)
            .file("one/layer.tar", 0644, image.layer())
            .file("manifest.json", 0644, manifest)
            .toTar();
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(archive);
    }
  }
}
