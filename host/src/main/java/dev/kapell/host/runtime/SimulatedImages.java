package dev.kapell.host.runtime;

import dev.kapell.host.runtime.RuntimeFailure.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Images that are names. Every name can be pulled but those that {@link #absent} was told. */
public final class SimulatedImages implements Images {
  private static final long SIZE_BYTES = 10_000_000;

  private final TreeMap<String, Image> images = new TreeMap<>();
  private final TreeSet<String> absent = new TreeSet<>();

  SimulatedImages() {}

  /** An image is here without a pull. */
  public synchronized SimulatedImages add(String name) {
    String full = complete(name);
    images.put(full, new Image(id(full), List.of(full), List.of(), SIZE_BYTES, null, ""));
    return this;
  }

  /** The registry does not know this name. */
  public synchronized SimulatedImages absent(String name) {
    absent.add(complete(name));
    return this;
  }

  @Override
  public synchronized List<Image> list() {
    return List.copyOf(images.values());
  }

  @Override
  public synchronized Optional<Image> find(String nameOrId) {
    Image named = images.get(complete(nameOrId));
    return named != null
        ? Optional.of(named)
        : images.values().stream().filter(image -> image.id().equals(nameOrId)).findFirst();
  }

  @Override
  public synchronized String pull(String name, @Nullable RegistryAuth auth) {
    if (name.isBlank() || !name.equals(name.strip())) {
      throw new RuntimeFailure(
          Kind.INVALID_IMAGE_NAME, "pull " + name + ": invalid reference format");
    }
    if (absent.contains(complete(name))) {
      throw new RuntimeFailure(Kind.IMAGE_NOT_FOUND, "pull " + name + ": not found");
    }
    add(name);
    return find(name).orElseThrow().id();
  }

  @Override
  public synchronized void remove(String nameOrId) {
    find(nameOrId).ifPresent(image -> images.values().remove(image));
  }

  @Override
  public List<String> load(Path archive) {
    String name = complete("localhost/" + archive.getFileName());
    add(name);
    return List.of(name);
  }

  @Override
  public synchronized ImageUsage usage() {
    List<Image> all = new ArrayList<>(images.values());
    return new ImageUsage(Path.of("/"), all.size() * SIZE_BYTES, all.size());
  }

  private static String id(String name) {
    return "sha256:" + HexFormat.of().toHexDigits(name.hashCode()).repeat(8);
  }

  /** As Docker completes names: {@code nginx} is {@code docker.io/library/nginx:latest}. */
  static String complete(String name) {
    int slash = name.indexOf('/');
    String host = slash < 0 ? "" : name.substring(0, slash);
    boolean hosted = host.contains(".") || host.contains(":") || host.equals("localhost");
    String full = hosted ? name : "docker.io/" + (slash < 0 ? "library/" : "") + name;
    boolean tagged = full.indexOf(':', full.lastIndexOf('/')) >= 0 || full.contains("@");
    return tagged ? full : full + ":latest";
  }
}
