package dev.kapell.blackbox.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks two servers the same and tells the differences that nothing explains. */
final class SideBySide {
  private static final String NAMESPACE = "side-by-side";
  private static final String DEFINITION = "widgets.example.com";

  private final Api peer;
  private final Api ours;

  SideBySide(Api peer, Api ours) {
    this.peer = peer;
    this.ours = ours;
  }

  /** Both get the namespace, its service account and a custom kind. */
  void prepare() {
    Script namespace = new Script(NAMESPACE, "", List.of("CREATE Namespace {}"));
    Script account = new Script("default", "", List.of("CREATE ServiceAccount {}"));
    Script kind =
        new Script(DEFINITION, "", List.of("CREATE CustomResourceDefinition " + Table.widget()));
    for (Api server : List.of(peer, ours)) {
      for (Script script : List.of(namespace, account, kind)) {
        script.calls(NAMESPACE).forEach(server::send);
      }
      server.awaitEstablished(DEFINITION);
    }
  }

  /** The unexplained differences, with the line they belong to. */
  List<String> run(Script script) {
    List<String> lines = new ArrayList<>();
    clean(script);
    try {
      for (Call call : script.calls(NAMESPACE)) {
        Api.Reply theirs = peer.send(call);
        Api.Reply mine = ours.send(call);
        if (call.ownCode() != 0) {
          if (mine.code() != call.ownCode()) {
            lines.add(call.since() + ": Kapell answers " + mine.code() + " to " + call.line());
          }
          continue;
        }
        Map<String, Object> expected = Normal.of(theirs);
        Map<String, Object> actual = Normal.of(mine);
        Since.explain(call, expected, actual);
        List<String> differences = Normal.differences(expected, actual);
        if (!differences.isEmpty()) {
          lines.add("after " + call.line());
          differences.forEach(line -> lines.add("  " + line));
          lines.add(
              "  messages: " + theirs.body().get("message") + " | " + mine.body().get("message"));
        }
      }
    } finally {
      clean(script);
    }
    return lines;
  }

  private void clean(Script script) {
    for (Call call : script.cleanup(NAMESPACE)) {
      peer.send(call);
      ours.send(call);
    }
  }
}
