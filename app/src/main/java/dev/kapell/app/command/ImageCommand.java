package dev.kapell.app.command;

import dev.kapell.app.cluster.LocalRuntime;
import dev.kapell.app.cluster.Machine;
import dev.kapell.app.terminal.Columns;
import dev.kapell.app.terminal.UserError;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.Images.Image;
import dev.kapell.host.runtime.RuntimeFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kapell image load|list}. */
@Command(
    name = "image",
    description = "Images on this machine.",
    subcommands = {ImageCommand.Load.class, ImageCommand.ListAll.class},
    synopsisSubcommandLabel = "(load | list)")
final class ImageCommand implements Callable<Integer> {
  private static final long MEBIBYTE = 1024 * 1024;

  @Override
  public Integer call() {
    throw new UserError("kapell image load FILE…, or kapell image list");
  }

  /** {@code kapell image load FILE…}. */
  @Command(
      name = "load",
      description = "Loads images from archives of docker save or in OCI form (tar, tar.gz).")
  static final class Load implements Callable<Integer> {
    @Mixin private ClusterOptions options = new ClusterOptions();

    @Parameters(arity = "1..*", paramLabel = "FILE")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() {
      Machine.requireRoot("kapell image load");
      try (ContainerRuntime runtime = LocalRuntime.connect(options.cluster().dataDir())) {
        for (Path file : files) {
          if (!Files.isRegularFile(file)) {
            throw new UserError("there is no file " + file);
          }
          for (String name : runtime.images().load(file.toAbsolutePath())) {
            System.out.println("loaded " + name);
          }
        }
      } catch (RuntimeFailure e) {
        throw new UserError(e.getMessage());
      }
      return 0;
    }
  }

  /** {@code kapell image list}. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "Lists the images that pods can use without a registry.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private ClusterOptions options = new ClusterOptions();
    @Mixin private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
      Machine.requireRoot("kapell image list");
      List<Entry> entries = entries();
      if (json.isWanted()) {
        JsonOption.print(entries.stream().map(Entry::tree).toList());
      } else {
        List<List<String>> rows = entries.stream().map(Entry::cells).toList();
        Columns.lines(List.of("IMAGE", "ID", "SIZE"), rows).forEach(System.out::println);
      }
      return 0;
    }

    private List<Entry> entries() {
      List<Entry> entries = new ArrayList<>();
      try (ContainerRuntime runtime = LocalRuntime.connect(options.cluster().dataDir())) {
        for (Image image : runtime.images().list()) {
          List<String> names = image.tags().isEmpty() ? image.digests() : image.tags();
          String id = image.id().replace("sha256:", "");
          names.forEach(name -> entries.add(new Entry(name, id, image.sizeBytes())));
        }
      } catch (RuntimeFailure e) {
        throw new UserError(e.getMessage());
      }
      entries.sort(java.util.Comparator.comparing(Entry::name));
      return entries;
    }
  }

  /** One name of an image. */
  private record Entry(String name, String id, long bytes) {
    private static final int SHORT_ID = 12;

    List<String> cells() {
      return List.of(
          name,
          id.substring(0, Math.min(SHORT_ID, id.length())),
          Math.max(1, bytes / MEBIBYTE) + " MiB");
    }

    Map<String, Object> tree() {
      return Map.of("name", name, "id", id, "bytes", bytes);
    }
  }
}
