package dev.kapell.app.command;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.manifest.Refusal;
import dev.kapell.app.manifest.ResourceFinder;
import dev.kapell.app.manifest.ResourceFinder.Served;
import dev.kapell.app.terminal.Columns;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kapell get KIND [NAME]}. */
@Command(name = "get", description = "Lists objects as the server prints them.")
final class GetCommand implements Callable<Integer> {
  private static final String TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

  @Mixin private ClusterOptions options = new ClusterOptions();
  @Mixin private NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "In every namespace.")
  private boolean everywhere;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "json, or wide for more columns.")
  private String output = "";

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "LABELS",
      description = "Only objects with these labels.")
  private String selector = "";

  @Parameters(index = "0", paramLabel = "KIND", description = "For instance pods, deploy, svc.")
  private String kind = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME")
  private String name = "";

  @Override
  public Integer call() {
    if (!output.isEmpty() && !output.equals("json") && !output.equals("wide")) {
      throw new UserError("-o takes json or wide; for other forms use: kapell kubectl get …");
    }
    try (Connection connection = options.cluster().connect()) {
      Served served =
          new ResourceFinder(connection)
              .named(kind)
              .orElseThrow(
                  () ->
                      new UserError(
                          "the server serves no " + kind + "; see: kapell kubectl api-resources"));
      String where = everywhere ? "" : namespace.namespace();
      String path = name.isEmpty() ? served.collection(where) : served.object(where, name);
      if (!selector.isEmpty()) {
        path += "?labelSelector=" + java.net.URLEncoder.encode(selector, StandardCharsets.UTF_8);
      }
      Connection.Answer answer =
          connection.get(path, output.equals("json") ? "application/json" : TABLE);
      if (!answer.isSuccess()) {
        throw new UserError(Refusal.message(answer));
      }
      if (output.equals("json")) {
        System.out.println(new String(answer.body(), StandardCharsets.UTF_8));
      } else {
        print(JsonCodec.readTree(answer.body()), everywhere && served.namespaced());
      }
    }
    return 0;
  }

  private void print(@Nullable Object table, boolean withNamespace) {
    List<String> header = new ArrayList<>();
    List<Integer> shown = new ArrayList<>();
    List<?> definitions = Tree.list(table, "columnDefinitions");
    if (withNamespace) {
      header.add("NAMESPACE");
    }
    for (int i = 0; i < definitions.size(); i++) {
      if (output.equals("wide") || Tree.number(definitions.get(i), 0, "priority") == 0) {
        header.add(Tree.text(definitions.get(i), "name").toUpperCase(java.util.Locale.ROOT));
        shown.add(i);
      }
    }
    List<List<String>> rows = new ArrayList<>();
    for (Object row : Tree.list(table, "rows")) {
      List<String> cells = new ArrayList<>();
      if (withNamespace) {
        cells.add(Tree.text(row, "object", "metadata", "namespace"));
      }
      List<?> values = Tree.list(row, "cells");
      shown.forEach(i -> cells.add(i < values.size() ? String.valueOf(values.get(i)) : ""));
      rows.add(cells);
    }
    if (rows.isEmpty()) {
      System.err.println("nothing found");
      return;
    }
    Columns.lines(header, rows).forEach(System.out::println);
  }
}
