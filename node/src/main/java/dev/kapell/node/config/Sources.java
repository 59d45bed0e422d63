package dev.kapell.node.config;

import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Secret;
import dev.kapell.api.core.v1.Service;
import java.util.List;
import java.util.Optional;

/** Where values come from that are not in the pod itself. May do I/O. */
public interface Sources {
  /** A ConfigMap as it is now. */
  Optional<ConfigMap> configMap(String namespace, String name);

  /** A Secret as it is now. */
  Optional<Secret> secret(String namespace, String name);

  /** The services of a namespace. */
  List<Service> services(String namespace);
}
