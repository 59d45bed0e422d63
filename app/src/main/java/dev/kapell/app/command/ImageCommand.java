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

    @Override
    public Integer call() {
      Machine.requireRoot("kapell image list");
      List<List<String>> rows = new ArrayList<>();
      try (ContainerRuntime runtime = LocalRuntime.connect(options.cluster().dataDir())) {
        for (Image image : runtime.images().list()) {
          List<String> names = image.tags().isEmpty() ? image.digests() : image.tags();
          for (String name : names) {
            rows.add(
                List.of(name, image.id().replace("sha256:", "").substring(0, 12), size(image)));
          }
        }
      } catch (RuntimeFailure e) {
        throw new UserError(e.getMessage());
      }
      rows.sort(java.util.Comparator.comparing(List::getFirst));
      Columns.lines(List.of("IMAGE", "ID", "SIZE"), rows).forEach(System.out::println);
      return 0;
    }

    private static String size(Image image) {
      return Math.max(1, image.sizeBytes() / MEBIBYTE) + " MiB";
    }
  }
}
