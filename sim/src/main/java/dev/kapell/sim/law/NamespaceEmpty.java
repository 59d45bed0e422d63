package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.client.ObjectKey;
import dev.kapell.sim.story.Moment;
import dev.kapell.store.Event;
import java.util.List;
import java.util.Optional;

/** A namespace goes only when nothing is left in it, and nothing is made in one that is gone. */
final class NamespaceEmpty implements Law {
  @Override
  public void at(Moment moment, Scene scene) {
    String namespace = moment.key().namespace();
    if (moment.kind() == Event.Kind.DELETED && moment.type().kind().equals("Namespace")) {
      left(moment.key().name(), scene)
          .ifPresent(
              key -> scene.broken(this, "namespace " + moment.key() + " goes and leaves " + key));
    } else if (moment.kind() == Event.Kind.CREATED
        && !namespace.isEmpty()
        && scene.picture().find(Types.NAMESPACE, ObjectKey.cluster(namespace)).isEmpty()) {
      scene.broken(
          this, moment.type().kind() + " " + moment.key() + " is made where no namespace is");
    }
  }

  private static Optional<ObjectKey> left(String namespace, Scene scene) {
    return scene.picture().everything().stream()
        .map(table -> List.copyOf(table.keySet()))
        .flatMap(List::stream)
        .filter(key -> key.namespace().equals(namespace))
        .findFirst();
  }
}
