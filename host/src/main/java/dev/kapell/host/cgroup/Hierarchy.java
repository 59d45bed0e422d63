package dev.kapell.host.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The files of one mounted tree of control groups. */
record Hierarchy(Path mount) {

  Path directory(CgroupPath group) {
    return group.equals(CgroupPath.ROOT) ? mount : mount.resolve(group.relative());
  }

  boolean has(CgroupPath group) {
    return Files.isDirectory(directory(group));
  }

  void create(CgroupPath group) {
    try {
      Files.createDirectories(directory(group));
    } catch (IOException e) {
      throw new CgroupFailure("cannot create the control group " + directory(group), e);
    }
  }

  void write(CgroupPath group, String file, String value) {
    Path path = directory(group).resolve(file);
    try {
      Files.writeString(path, value, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new CgroupFailure("cannot write " + value + " to " + path, e);
    }
  }

  /** The text without the last newline; empty when there is no such file or group. */
  String read(CgroupPath group, String file) {
    Path path = directory(group).resolve(file);
    try {
      return Files.readString(path).strip();
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      // A group that is removed while it is read answers ENODEV.
      if (!has(group)) {
        return "";
      }
      throw new CgroupFailure("cannot read " + path, e);
    }
  }

  OptionalLong number(CgroupPath group, String file) {
    String text = read(group, file);
    return text.isEmpty() || text.equals("max")
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(text));
  }

  /** Lines of a word and a number. */
  Map<String, Long> table(CgroupPath group, String file) {
    Map<String, Long> values = new HashMap<>();
    for (String line : read(group, file).split("\n", -1)) {
      int blank = line.indexOf(' ');
      if (blank > 0) {
        values.put(line.substring(0, blank), Long.parseLong(line.substring(blank + 1).strip()));
      }
    }
    return values;
  }

  List<String> children(CgroupPath group) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory(group), entry -> Files.isDirectory(entry))) {
      for (Path entry : entries) {
        names.add(entry.getFileName().toString());
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new CgroupFailure("cannot list " + directory(group), e);
    }
    return List.copyOf(names);
  }

  /** Removes the group and all below; false when one is still in use. */
  boolean remove(CgroupPath group) {
    boolean clean = true;
    for (String child : children(group)) {
      clean &= remove(group.child(child));
    }
    try {
      // The files in it need no removing: rmdir is all that the kernel allows.
      return clean && (!has(group) || removeDirectory(directory(group)));
    } catch (IOException e) {
      throw new CgroupFailure("cannot remove " + directory(group), e);
    }
  }

  private static boolean removeDirectory(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
      return true;
    } catch (java.nio.file.FileSystemException e) {
      if (String.valueOf(e.getReason()).contains("busy")) {
        return false;
      }
      throw e;
    }
  }

  /** The processes of the group and below. */
  List<Long> processes(CgroupPath group) {
    List<Long> found = new ArrayList<>();
    String own = read(group, "cgroup.procs");
    if (!own.isEmpty()) {
      own.lines().map(Long::valueOf).forEach(found::add);
    }
    children(group).forEach(child -> found.addAll(processes(group.child(child))));
    return found;
  }
}
