package dev.kapell.app.command;

import dev.kapell.app.manifest.Applier.Applied;
import dev.kapell.app.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/** Where a Service that was applied can be reached from this machine. Pure. */
final class Urls {
  private Urls() {}

  static List<String> of(Applied applied) {
    List<String> urls = new ArrayList<>();
    if (applied.served().plural().equals("services")) {
      for (Object port : Tree.list(applied.object(), "spec", "ports")) {
        long nodePort = Tree.number(port, 0, "nodePort");
        if (nodePort > 0) {
          String scheme = Tree.number(port, 0, "port") == 443 ? "https" : "http";
          urls.add(scheme + "://127.0.0.1:" + nodePort + "/");
        }
      }
    }
    return urls;
  }
}
