package dev.kapell.controllers.endpoint;

import dev.kapell.api.IntOrString;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerPort;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.match.Selectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Services ask for, and whose work a change is. Pure but for {@link #feed}. */
final class Services {
  static final String NAME = "kubernetes.io/service-name";
  static final String HEADLESS = "service.kubernetes.io/headless";

  private Services() {}

  /** Adds to {@code loop} each Service that changes or that selects (or selected) a changed pod. */
  static void feed(LoopContext context, ControlLoop<ObjectKey> loop) {
    Cache<Service> services = context.caches().of(Types.SERVICE);
    services.onChange((before, after) -> add(loop, after == null ? before : after));
    context
        .caches()
        .of(Types.POD)
        .onChange(
            (before, after) -> {
              Pod pod = after == null ? before : after;
              if (pod == null) {
                return;
              }
              for (Service service : services.in(pod.metadata().namespaceOr(""))) {
                if (isSelected(service, before) || isSelected(service, after)) {
                  add(loop, service);
                }
              }
            });
  }

  private static void add(ControlLoop<ObjectKey> loop, @Nullable Service service) {
    if (service != null) {
      loop.add(ObjectKey.of(service));
    }
  }

  static boolean isSelected(Service service, @Nullable Pod pod) {
    return pod != null
        && !service.spec().selector().isEmpty()
        && Selectors.includes(pod.metadata().labels(), service.spec().selector());
  }

  /** Its endpoints are ours to write: it selects pods and is no mere alias. */
  static boolean isManaged(Service service) {
    return !service.spec().selector().isEmpty()
        && !service.spec().typeOr("ClusterIP").equals("ExternalName");
  }

  static boolean isHeadless(Service service) {
    return service.spec().clusterIPOr("").equals("None");
  }

  static List<Pod> selected(Service service, Cache<Pod> pods) {
    List<Pod> selected = new ArrayList<>();
    for (Pod pod : pods.in(service.metadata().namespaceOr(""))) {
      if (isSelected(service, pod)) {
        selected.add(pod);
      }
    }
    return selected;
  }

  /** The Service's labels and the headless mark, for what is derived from it. */
  static Map<String, String> labels(Service service) {
    Map<String, String> labels = new LinkedHashMap<>(service.metadata().labels());
    labels.remove(HEADLESS);
    if (isHeadless(service)) {
      labels.put(HEADLESS, "");
    }
    return labels;
  }

  /** The number of the Service's port on this pod; empty when the pod names no such port. */
  static Optional<Integer> targetPort(ServicePort port, Pod pod) {
    IntOrString target = port.targetPort();
    String text = target == null ? "" : target.toString();
    if (text.isEmpty() || text.equals("0")) {
      return Optional.of(port.portOr(0));
    }
    if (Character.isDigit(text.charAt(0)) && text.chars().allMatch(Character::isDigit)) {
      return Optional.of(Integer.parseInt(text));
    }
    String protocol = port.protocolOr("TCP");
    return containers(pod).stream()
        .flatMap(container -> container.ports().stream())
        .filter(p -> p.nameOr("").equals(text) && p.protocolOr("TCP").equals(protocol))
        .map(ContainerPort::containerPort)
        .findFirst();
  }

  /** Named ports may also be those of sidecars: init containers that go on running. */
  private static List<Container> containers(Pod pod) {
    List<Container> containers = new ArrayList<>(pod.spec().containers());
    for (Container container : pod.spec().initContainers()) {
      if (container.restartPolicyOr("").equals("Always")) {
        containers.add(container);
      }
    }
    return containers;
  }
}
