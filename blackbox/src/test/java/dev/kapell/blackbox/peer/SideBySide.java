package dev.kapell.blackbox.peer;

import java.util.ArrayList;
import java.util.List;

/** Asks two servers the same and tells the differences that nothing explains. */
final class SideBySide {
  private static final String NAMESPACE = "side-by-side";
  private static final String DEFINITION = "widgets.example.com";

  private final Api peer;
  private final Api ours;
  private final Since since;
  private int requests;
  private int explained;

  SideBySide(Api peer, Api ours, Since since) {
    this.peer = peer;
    this.ours = ours;
    this.since = since;
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
    Since exceptions = Since.of(script.exceptions());
    Emptied emptied = new Emptied();
    clean(script);
    try {
      for (Call call : script.calls(NAMESPACE)) {
        Api.Reply theirs = peer.send(call);
        Api.Reply mine = ours.send(call);
        requests++;
        if (call.ownCode() != 0) {
          if (mine.code() != call.ownCode()) {
            lines.add(call.since() + ": Kapell answers " + mine.code() + " to " + call.line());
          }
          continue;
        }
        List<Difference> differences = Comparison.of(call, theirs, mine, since);
        if (theirs.code() < 300) {
          emptied.see(Owners.of(theirs.body()), !call.isDryRun());
        }
        List<Difference> left = since.unexplained(call.kind(), differences, exceptions, emptied);
        explained += differences.size() - left.size();
        if (!left.isEmpty()) {
          lines.add("after " + call.line());
          left.forEach(difference -> lines.add("  " + call.kind() + " " + difference));
          lines.add(
              "  messages: " + theirs.body().get("message") + " | " + mine.body().get("message"));
        }
        if (theirs.code() < 300 != mine.code() < 300) {
          break; // from here on the two have different objects
        }
      }
    } finally {
      clean(script);
    }
    lines.addAll(exceptions.notNeeded());
    return lines;
  }

  /** What was compared, in a sentence. */
  String summary() {
    return requests
        + " requests, "
        + explained
        + " differences explained by "
        + since.size()
        + " rules";
  }

  private void clean(Script script) {
    for (Call call : script.cleanup(NAMESPACE)) {
      peer.send(call);
      ours.send(call);
    }
  }
}
