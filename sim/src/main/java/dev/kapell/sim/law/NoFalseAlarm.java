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

  private final Map<String, Duration> heard = new HashMap<>();

  @Override
  public void at(Moment moment, Scene scene) {
    boolean heartbeat = moment.isBy(Writer.NODES);
    if (heartbeat) {
      heard.put(moment.key().name(), scene.now());
      return;
    }
    Optional<Node> after = moment.after(Node.class);
    if (after.isEmpty() || ready(moment.before(Node.class)).equals(ready(after))) {
      return;
    }
    Duration silent = scene.now().minus(heard.getOrDefault(moment.key().name(), Duration.ZERO));
    if (ready(after).equals("Unknown") && silent.plus(scene.slack()).compareTo(SILENCE) < 0) {
      scene.broken(
          this, "node " + moment.key() + " counts as lost after " + silent + " of silence");
    }
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
