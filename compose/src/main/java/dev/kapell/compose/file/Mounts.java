package dev.kapell.compose.file;

import dev.kapell.compose.file.ComposeFile.Mount;
import dev.kapell.compose.file.ComposeFile.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Volumes of a service: {@code [source:]target[:mode]} or the long form. */
final class Mounts {
  private final String path;
  private final Path directory;
  private final Interpolation interpolation;
  private final Set<String> volumes;

  /**
   * Reads mounts.
   *
   * @param directory what relative paths are relative to
   * @param volumes the volumes that the file declares
   */
  Mounts(String path, Path directory, Interpolation interpolation, Set<String> volumes) {
    this.path = path;
    this.directory = directory;
    this.interpolation = interpolation;
    this.volumes = Set.copyOf(volumes);
  }

  List<Mount> read(List<Value> items) {
    List<Mount> mounts = new ArrayList<>();
    for (Value item : items) {
      mounts.add(item instanceof Value.Fields ? longForm(item) : shortForm(item));
    }
    return mounts;
  }

  private Mount shortForm(Value item) {
    String text = Section.scalar(path, item);
    String[] parts = text.split(":", -1);
    if (parts.length > 3 || text.isEmpty()) {
      throw new ComposeFailure(
          item.place(), path + ": \"" + text + "\" is not [source:]target[:ro|rw]");
    }
    if (parts.length == 1) {
      return new Mount(new Source.Scratch(false), target(item, parts[0]), false);
    }
    boolean readOnly = parts.length == 3 && readOnly(item, parts[2]);
    return new Mount(source(item, parts[0]), target(item, parts[1]), readOnly);
  }

  private boolean readOnly(Value item, String modes) {
    boolean readOnly = false;
    for (String mode : modes.split(",", -1)) {
      switch (mode) {
        case "ro" -> readOnly = true;
        // Without SELinux there is nothing to label.
        case "rw", "z", "Z" -> {}
        default ->
            throw new ComposeFailure(
                item.place(), path + ": the mode \"" + mode + "\" is not supported yet");
      }
    }
    return readOnly;
  }

  private Source source(Value item, String text) {
    if (text.startsWith("/") || text.startsWith(".") || text.startsWith("~")) {
      return bind(item, text, true);
    }
    return named(item, text);
  }

  private Source named(Value item, String name) {
    if (!volumes.contains(name)) {
      throw new ComposeFailure(
          item.place(),
          path
              + (": the volume "
                  + name
                  + " is not declared; add it under \"volumes:\", or write ./")
              + (name + " for a directory"));
    }
    return new Source.Named(name);
  }

  private Source bind(Value item, String text, boolean mayCreate) {
    String absolute = absolute(item, text);
    boolean missing = !Files.exists(Path.of(absolute));
    if (missing && !mayCreate) {
      throw new ComposeFailure(item.place(), path + ": there is no " + absolute);
    }
    return new Source.Bind(absolute, missing);
  }

  private String absolute(Value item, String text) {
    String expanded = text;
    if (text.equals("~") || text.startsWith("~/")) {
      String home = interpolation.value("HOME");
      if (home == null) {
        throw new ComposeFailure(item.place(), path + ": ~ needs the variable HOME");
      }
      expanded = home + text.substring(1);
    } else if (text.startsWith("~")) {
      throw new ComposeFailure(item.place(), path + ": homes of other users are not supported yet");
    }
    return directory.resolve(expanded).toAbsolutePath().normalize().toString();
  }

  private String target(Value item, String text) {
    if (!text.startsWith("/")) {
      throw new ComposeFailure(
          item.place(), path + ": the target \"" + text + "\" has to be an absolute path");
    }
    return text;
  }

  private Mount longForm(Value item) {
    Section section = Section.of(path, item);
    String type = section.text("type").orElse("volume");
    String target =
        section
            .text("target")
            .map(text -> target(item, text))
            .orElseThrow(() -> new ComposeFailure(item.place(), path + " needs a target"));
    boolean readOnly = section.flag("read_only", false);
    Source source =
        switch (type) {
          case "bind" -> {
            String from =
                section
                    .text("source")
                    .orElseThrow(
                        () -> new ComposeFailure(item.place(), path + ": a bind needs a source"));
            Section bind = section.section("bind");
            boolean create = bind.flag("create_host_path", true);
            bind.refuseTheRest(Set.of("propagation", "selinux", "recursive"));
            yield bind(item, from, create);
          }
          case "volume" ->
              section
                  .text("source")
                  .map(name -> named(item, name))
                  .orElseGet(() -> new Source.Scratch(false));
          case "tmpfs" -> new Source.Scratch(true);
          default ->
              throw section.refuse(
                  "type", "\"" + type + "\" is not supported yet; volume, bind and tmpfs are");
        };
    section.refuseTheRest(Set.of("volume", "tmpfs", "image", "consistency", "bind"));
    return new Mount(source, target, readOnly);
  }
}
