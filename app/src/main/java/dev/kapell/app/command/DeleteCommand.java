package dev.kapell.app.command;

import dev.kapell.app.manifest.Manifest;
import dev.kapell.app.manifest.Manifests;
import dev.kapell.app.manifest.Refusal;
import dev.kapell.app.manifest.ResourceFinder;
import dev.kapell.app.manifest.ResourceFinder.Served;
import dev.kapell.app.terminal.UserError;
import dev.kapell.client.http.Connection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kapell delete FILE…} and {@code kapell delete KIND NAME…}. */
@Command(name = "delete", description = "Deletes objects, by manifest or by kind and name.")
final class DeleteCommand implements Callable<Integer> {
  @Mixin private ClusterOptions options = new ClusterOptions();
  @Mixin private NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR",
      description = "Manifests of what to delete.")
  private List<String> files = new ArrayList<>();

  @Option(names = "--ignore-not-found", description = "What is already gone is no failure.")
  private boolean ignoreNotFound;

  @Parameters(arity = "0..*", paramLabel = "FILE|DIR or KIND NAME…")
  private List<String> words = new ArrayList<>();

  @Override
  public Integer call() {
    List<String> paths = new ArrayList<>(files);
    boolean byName =
        paths.isEmpty() && words.size() > 1 && !Files.exists(Path.of(words.getFirst()));
    if (!byName) {
      paths.addAll(words);
    }
    try (Connection connection = options.cluster().connect()) {
      ResourceFinder finder = new ResourceFinder(connection);
      return byName ? deleteNamed(connection, finder) : deleteManifests(connection, finder, paths);
    }
  }

  private int deleteNamed(Connection connection, ResourceFinder finder) {
    Served served =
        finder
            .named(words.getFirst())
            .orElseThrow(() -> new UserError("the server serves no " + words.getFirst()));
    int code = 0;
    for (String name : words.subList(1, words.size())) {
      code |= delete(connection, served, namespace.namespace(), name);
    }
    return code;
  }

  private int deleteManifests(Connection connection, ResourceFinder finder, List<String> paths) {
    if (paths.isEmpty()) {
      throw new UserError("name what to delete: a file, a folder, or a kind and names");
    }
    int code = 0;
    for (Manifest manifest : Manifests.read(paths, System.in).reversed()) {
      Served served = finder.find(manifest);
      String where = manifest.namespace().isEmpty() ? namespace.namespace() : manifest.namespace();
      code |= delete(connection, served, where, manifest.name());
    }
    return code;
  }

  private int delete(Connection connection, Served served, String where, String name) {
    Connection.Answer answer =
        connection.send(
            "DELETE",
            served.object(where, name) + "?propagationPolicy=Background",
            "application/json",
            new byte[0]);
    if (answer.isSuccess()) {
      System.out.println(served.shownAs() + "/" + name + " deleted");
      return 0;
    }
    if (answer.code() == 404 && ignoreNotFound) {
      return 0;
    }
    System.err.println("kapell: " + Refusal.message(answer));
    return 1;
  }
}
