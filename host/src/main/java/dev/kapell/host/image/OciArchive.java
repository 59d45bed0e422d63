package dev.kapell.host.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;

/**
 * Images as one OCI image-layout archive (image-spec 1.0: {@code oci-layout}, {@code index.json},
 * {@code blobs/sha256/…}), which containerd, Docker, Podman and skopeo read. Deterministic.
 */
public final class OciArchive {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  private final JsonFactory json = new JsonFactory();
  private final Map<String, byte[]> blobs = new LinkedHashMap<>();
  private final List<Entry> index = new ArrayList<>();

  /** A line of {@code index.json}. */
  private record Entry(String name, String architecture, Blob manifest) {}

  private record Blob(String digest, long size) {}

  private interface Body {
    void writeTo(JsonGenerator out);
  }

  /**
   * Adds an image.
   *
   * @return its id: the digest of its configuration, as a runtime shows it
   */
  public String add(ImageSpec image) {
    String diffId = digest(image.layer());
    Blob layer = blob(gzip(image.layer()));
    Blob config = blob(document(out -> writeConfig(out, image, diffId)));
    Blob manifest = blob(document(out -> writeManifest(out, config, layer)));
    index.add(new Entry(image.name(), image.architecture(), manifest));
    return config.digest();
  }

  /** The id that {@link #add} would return, without the work of compressing. */
  public static String idOf(ImageSpec image) {
    OciArchive scratch = new OciArchive();
    String diffId = digest(image.layer());
    return digest(scratch.document(out -> writeConfig(out, image, diffId)));
  }

  /** Writes the archive; the parent directory exists. */
  public void writeTo(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TarWriter tar = new TarWriter(out)) {
      tar.file("oci-layout", 0644, document(OciArchive::writeLayout));
      tar.file("index.json", 0644, document(this::writeIndex));
      tar.directory("blobs", 0755);
      tar.directory("blobs/sha256", 0755);
      for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
        tar.file("blobs/" + blob.getKey().replace(':', '/'), 0644, blob.getValue());
      }
    }
  }

  private static void writeLayout(JsonGenerator out) {
    out.writeStringProperty("imageLayoutVersion", "1.0.0");
  }

  private static void writeConfig(JsonGenerator out, ImageSpec image, String diffId) {
    out.writeStringProperty("created", "1970-01-01T00:00:00Z");
    out.writeStringProperty("architecture", image.architecture());
    out.writeStringProperty("os", "linux");
    out.writeObjectPropertyStart("config");
    strings(
        out,
        "Env",
        image.environment().entrySet().stream()
            .map(variable -> variable.getKey() + "=" + variable.getValue())
            .toList());
    strings(out, "Entrypoint", image.entrypoint());
    strings(out, "Cmd", image.command());
    out.writeEndObject();
    out.writeObjectPropertyStart("rootfs");
    out.writeStringProperty("type", "layers");
    strings(out, "diff_ids", List.of(diffId));
    out.writeEndObject();
  }

  private static void strings(JsonGenerator out, String name, List<String> values) {
    if (!values.isEmpty()) {
      out.writeArrayPropertyStart(name);
      values.forEach(out::writeString);
      out.writeEndArray();
    }
  }

  private static void writeManifest(JsonGenerator out, Blob config, Blob layer) {
    out.writeNumberProperty("schemaVersion", 2);
    out.writeStringProperty("mediaType", MANIFEST);
    out.writeObjectPropertyStart("config");
    descriptor(out, CONFIG, config);
    out.writeEndObject();
    out.writeArrayPropertyStart("layers");
    out.writeStartObject();
    descriptor(out, LAYER, layer);
    out.writeEndObject();
    out.writeEndArray();
  }

  private void writeIndex(JsonGenerator out) {
    out.writeNumberProperty("schemaVersion", 2);
    out.writeArrayPropertyStart("manifests");
    for (Entry entry : index) {
      out.writeStartObject();
      descriptor(out, MANIFEST, entry.manifest());
      out.writeObjectPropertyStart("annotations");
      out.writeStringProperty("io.containerd.image.name", entry.name());
      out.writeStringProperty("org.opencontainers.image.ref.name", entry.name());
      out.writeEndObject();
      out.writeObjectPropertyStart("platform");
      out.writeStringProperty("architecture", entry.architecture());
      out.writeStringProperty("os", "linux");
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void descriptor(JsonGenerator out, String type, Blob blob) {
    out.writeStringProperty("mediaType", type);
    out.writeStringProperty("digest", blob.digest());
    out.writeNumberProperty("size", blob.size());
  }

  private byte[] document(Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out =
        json.createGenerator(tools.jackson.core.ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      body.writeTo(out);
      out.writeEndObject();
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Blob blob(byte[] content) {
    String digest = digest(content);
    blobs.put(digest, content);
    return new Blob(digest, content.length);
  }

  private static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Fast rather than small: these archives go to the disk beside. */
  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length / 2 + 64);
    try (GZIPOutputStream out = new FastGzip(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 8192);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
