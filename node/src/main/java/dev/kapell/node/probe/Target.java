package dev.kapell.node.probe;

import dev.kapell.api.IntOrString;
import dev.kapell.api.core.v1.Container;
import dev.kapell.host.runtime.ContainerId;
import org.jspecify.annotations.Nullable;

/**
 * A running container that is asked.
 *
 * @param host the pod's address
 */
public record Target(ContainerId id, Container container, String host) {
  /** A port by number or by the container's own name for it; 0 when there is no such port. */
  int port(@Nullable IntOrString port) {
    return switch (port) {
      case null -> 0;
      case IntOrString.OfInt number -> number.value();
      case IntOrString.OfString name ->
          container.ports().stream()
              .filter(p -> p.nameOr("").equals(name.value()))
              .map(p -> p.containerPortOr(0))
              .findFirst()
              .orElse(0);
    };
  }
}
