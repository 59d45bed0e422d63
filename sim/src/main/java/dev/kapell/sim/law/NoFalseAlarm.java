package dev.kapell.sim.law;

import dev.kapell.api.core.v1.Node;
import dev.kapell.sim.story.Moment;
import dev.kapell.sim.story.Writer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A node counts as lost only after it has been silent for 40 seconds. */
final class NoFalseAlarm implements Law {
  private static final Duration SILENCE = Duration.ofSeconds(39);

  private final Map<String, Window<Duration>> heard = new HashMap<>();

  @Override
  public void at(Moment moment, Scene scene) {
    boolean heartbeat = moment.isBy(Writer.NODES);
    if (heartbeat) {
      heard.computeIfAbsent(moment.key().name(), _ -> new Window<>()).add(scene.now(), scene.now());
      return;
    }
    Optional<Node> after = moment.after(Node.class);
    if (after.isEmpty() || ready(moment.before(Node.class)).equals(ready(after))) {
      return;
    }
    Duration silent = scene.now().minus(lastKnown(moment.key().name(), scene));
    if (ready(after).equals("Unknown") && silent.compareTo(SILENCE) < 0) {
      scene.broken(
          this, "node " + moment.key() + " counts as lost after " + silent + " of silence");
    }
  }

  /** The last sign of life that whoever decides has to know of. */
  private Duration lastKnown(String node, Scene scene) {
    return heard
        .getOrDefault(node, new Window<>())
        .since(scene.now().minus(scene.slack()))
        .findFirst()
        .orElse(Duration.ZERO);
  }

  private static String ready(Optional<Node> node) {
    return node.stream()
        .flatMap(n -> n.status().conditions().stream())
        .filter(c -> c.typeOr("").equals("Ready"))
        .map(c -> c.statusOr(""))
        .findFirst()
        .orElse("");
  }
}
