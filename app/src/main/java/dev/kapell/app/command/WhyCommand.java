package dev.kapell.app.command;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.explain.WhyPage;
import dev.kapell.app.manifest.Refusal;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kapell why POD}. Exit code 0 when every pod has a node or fits one, else 1. */
@Command(
    name = "why",
    description = "Says why a pod is where it is, or why it has no node, and what would help.",
    footer = {
      "",
      "Exit code: 0 when each pod has a node or fits one now, 1 when one waits or fits none.",
      "",
      "Examples:",
      "  kapell why web-7d9f            # one pod",
      "  kapell why deploy/web -n shop  # every pod of a Deployment that has no node",
      "  kapell why web-7d9f -o json    # for machines"
    })
final class WhyCommand implements Callable<Integer> {
  private static final String GROUP = "/apis/scheduling.kapell.dev/v1alpha1/namespaces/";
  private static final List<String> FINE = List.of("Bound", "Finished", "Schedulable");

  @Mixin private ClusterOptions options = new ClusterOptions();
  @Mixin private NamespaceOption namespace = new NamespaceOption();

  @Mixin private JsonOption json = new JsonOption();

  @Parameters(paramLabel = "POD|KIND/NAME", description = "A pod, or what selects pods.")
  private String target = "";

  @Override
  public Integer call() {
    List<Object> answers = new ArrayList<>();
    try (Connection connection = options.ask()) {
      for (String pod : new PodTarget(namespace.namespace(), target).all(connection)) {
        answers.add(ask(connection, pod));
      }
    }
    boolean fine = answers.stream().allMatch(WhyCommand::isFine);
    if (json.isWanted()) {
      JsonOption.print(answers.size() == 1 ? answers.getFirst() : answers);
    } else {
      print(answers);
    }
    return fine ? 0 : 1;
  }

  private Object ask(Connection connection, String pod) {
    Connection.Answer answer =
        connection.get(
            GROUP + namespace.namespace() + "/podexplanations/" + pod, "application/json");
    if (!answer.isSuccess()) {
      throw new UserError(Refusal.message(answer));
    }
    return Tree.map(JsonCodec.readTree(answer.body()));
  }

  private static boolean isFine(Object answer) {
    return FINE.contains(Tree.text(answer, "status", "verdict"));
  }

  /** Of several pods, those that are fine get one line. */
  private static void print(List<Object> answers) {
    for (Object answer : answers) {
      List<String> page = WhyPage.of(answer);
      boolean brief = answers.size() > 1 && isFine(answer);
      (brief ? page.subList(0, 1) : page).forEach(System.out::println);
      if (!brief && answers.size() > 1) {
        System.out.println();
      }
    }
  }
}
