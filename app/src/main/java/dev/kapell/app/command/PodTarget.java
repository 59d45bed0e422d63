package dev.kapell.app.command;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodList;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.app.manifest.Refusal;
import dev.kapell.app.manifest.ResourceFinder;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What a person names where a pod is wanted: {@code NAME}, {@code pod/NAME}, or the {@code
 * KIND/NAME} of anything that selects pods.
 */
record PodTarget(String namespace, String text) {
  /** The names of all pods that are meant; never empty. A pod named as such is not looked for. */
  List<String> all(Connection connection) {
    int slash = text.indexOf('/');
    if (slash < 0 || text.startsWith("pod/") || text.startsWith("pods/")) {
      return List.of(text.substring(slash + 1));
    }
    List<String> names =
        selected(connection, text.substring(0, slash), text.substring(slash + 1)).stream()
            .map(pod -> pod.metadata().name())
            .toList();
    if (names.isEmpty()) {
      throw new UserError("no pods found for " + text);
    }
    return names;
  }

  private List<Pod> selected(Connection connection, String kind, String name) {
    ResourceFinder.Served served =
        new ResourceFinder(connection)
            .named(kind)
            .orElseThrow(() -> new UserError("the server serves no " + kind));
    byte[] owner = read(connection, served.object(namespace, name));
    String query = URLEncoder.encode(selector(owner).toString(), StandardCharsets.UTF_8);
    String pods = "/api/v1/namespaces/" + namespace + "/pods?labelSelector=" + query;
    return JsonCodec.decode(PodList.CODEC, read(connection, pods)).items();
  }

  /** Services and ReplicationControllers hold plain labels, everything else a label selector. */
  private LabelQuery selector(byte[] owner) {
    Object tree = JsonCodec.readTree(owner);
    Map<String, Object> selector = Tree.map(tree, "spec", "selector");
    if (selector.isEmpty()) {
      throw new UserError(text + " selects no pods");
    }
    return selector.containsKey("matchLabels") || selector.containsKey("matchExpressions")
        ? LabelQuery.of(JsonCodec.decode(LabelSelector.CODEC, JsonCodec.writeTree(selector)))
        : LabelQuery.exactly(Tree.texts(tree, "spec", "selector"));
  }

  private static byte[] read(Connection connection, String path) {
    Connection.Answer answer = connection.get(path, "application/json");
    if (!answer.isSuccess()) {
      throw new UserError(Refusal.message(answer));
    }
    return answer.body();
  }
}
