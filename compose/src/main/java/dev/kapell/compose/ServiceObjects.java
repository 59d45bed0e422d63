package dev.kapell.compose;

import dev.kapell.api.ApiObject;
import dev.kapell.api.IntOrString;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.apps.v1.DeploymentStrategy;
import dev.kapell.api.apps.v1.RollingUpdateDeployment;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.compose.file.ComposeFile;
import dev.kapell.compose.file.ComposeFile.Port;
import dev.kapell.compose.file.ComposeFile.Restart;
import dev.kapell.compose.file.ComposeFile.Service;
import dev.kapell.compose.file.ComposeFile.Update;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One service as API objects. Pure.
 *
 * <pre>
 * restart: always, unless-stopped   Deployment service
 * restart: no, on-failure           Pods service-1, service-2, …: a container that ended stays ended
 * its name                          headless Service: every port, whether or not it is healthy
 * ports                             Service service-published with kapell.dev/host-ports
 * </pre>
 */
final class ServiceObjects {
  private static final String HOST_PORTS = "kapell.dev/host-ports";
  private static final String ROLLS_BACK = "kapell.dev/rollback-on-failure";

  /** To pull an image and start a container. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ComposeFile file;
  private final String namespace;
  private final PodSpecs specs;

  ServiceObjects(ComposeFile file, String namespace, PodSpecs specs) {
    this.file = file;
    this.namespace = namespace;
    this.specs = specs;
  }

  List<ApiObject> of(Service service) {
    List<ApiObject> objects = new ArrayList<>();
    objects.add(name(service, service.name()));
    service
        .containerName()
        .filter(alias -> !alias.equals(service.name()))
        .ifPresent(alias -> objects.add(name(service, alias)));
    if (!service.ports().isEmpty()) {
      objects.add(published(service));
    }
    PodSpec spec = specs.of(service);
    if (service.restart() == Restart.ALWAYS) {
      objects.add(deployment(service, spec));
    } else {
      for (int number = 1; number <= service.replicas(); number++) {
        ObjectMeta meta = podMeta(service, spec).withName(service.name() + "-" + number);
        objects.add(Pod.builder().metadata(meta.withNamespace(namespace)).spec(spec).build());
      }
    }
    return objects;
  }

  private dev.kapell.api.core.v1.Service name(Service service, String name) {
    return dev.kapell.api.core.v1.Service.builder()
        .metadata(meta(service, name))
        .spec(
            ServiceSpec.builder()
                .clusterIP("None")
                .publishNotReadyAddresses(true)
                .selector(selector(service))
                .build())
        .build();
  }

  private dev.kapell.api.core.v1.Service published(Service service) {
    List<ServicePort> ports = new ArrayList<>();
    Map<String, Port> targets = new LinkedHashMap<>();
    service
        .ports()
        .forEach(port -> targets.putIfAbsent(port.protocol() + "-" + port.target(), port));
    targets.forEach(
        (name, port) ->
            ports.add(
                ServicePort.builder()
                    .name(name)
                    .port(port.target())
                    .targetPort(IntOrString.of(port.target()))
                    .protocol(port.protocol().toUpperCase(Locale.ROOT))
                    .build()));
    String doors =
        service.ports().stream()
            .filter(port -> port.published() != 0)
            .map(ServiceObjects::door)
            .collect(Collectors.joining(","));
    boolean anyPort = service.ports().stream().anyMatch(port -> port.published() == 0);
    return dev.kapell.api.core.v1.Service.builder()
        .metadata(
            meta(service, service.name() + "-published")
                .withAnnotations(doors.isEmpty() ? Map.of() : Map.of(HOST_PORTS, doors)))
        .spec(
            ServiceSpec.builder()
                .type(anyPort ? "NodePort" : "ClusterIP")
                .publishNotReadyAddresses(true)
                .selector(selector(service))
                .ports(ports)
                .build())
        .build();
  }

  private static String door(Port port) {
    String address = port.hostAddress().isEmpty() ? "" : port.hostAddress() + ":";
    return address + port.published() + ":" + port.target() + "/" + port.protocol();
  }

  private Deployment deployment(Service service, PodSpec spec) {
    DeploymentSpec.Builder deployment =
        DeploymentSpec.builder()
            .replicas(service.replicas())
            .selector(LabelSelector.builder().matchLabels(selector(service)).build())
            .strategy(strategy(service))
            .template(
                PodTemplateSpec.builder().metadata(podMeta(service, spec)).spec(spec).build());
    ObjectMeta meta = meta(service, service.name());
    if (service.update().isPresent()) {
      Update update = service.update().get();
      int watched = (int) update.watched().plusMillis(999).toSeconds();
      deployment.minReadySeconds(watched);
      if (update.rollsBack()) {
        deployment.progressDeadlineSeconds(watched + (int) untilWell(service).toSeconds());
        meta = meta.withAnnotations(Map.of(ROLLS_BACK, "true"));
      }
    }
    return Deployment.builder().metadata(meta).spec(deployment.build()).build();
  }

  /** How long a new container may take before its update has failed. */
  private static Duration untilWell(Service service) {
    return PATIENCE.plus(
        service
            .healthcheck()
            .map(c -> c.startPeriod().plus(c.interval().multipliedBy(c.retries())))
            .orElse(Duration.ZERO));
  }

  /** Two of one container would share its volumes: the old one goes first. */
  private static DeploymentStrategy strategy(Service service) {
    if (!service.mounts().isEmpty()) {
      return DeploymentStrategy.builder().type("Recreate").build();
    }
    DeploymentStrategy.Builder rolling = DeploymentStrategy.builder().type("RollingUpdate");
    service
        .update()
        .ifPresent(
            update -> {
              IntOrString step =
                  update.parallelism() == 0
                      ? IntOrString.of("100%")
                      : IntOrString.of(update.parallelism());
              IntOrString none = IntOrString.of(0);
              rolling.rollingUpdate(
                  RollingUpdateDeployment.builder()
                      .maxSurge(update.startFirst() ? step : none)
                      .maxUnavailable(update.startFirst() ? none : step)
                      .build());
            });
    return rolling.build();
  }

  private ObjectMeta podMeta(Service service, PodSpec spec) {
    Map<String, String> annotations = new LinkedHashMap<>(service.labels());
    annotations.put(
        ComposeProject.HASH, Hashes.of(PodSpec.CODEC, spec, service.labels().toString()));
    return ObjectMeta.builder().labels(labels(service)).annotations(annotations).build();
  }

  private ObjectMeta meta(Service service, String name) {
    return ObjectMeta.builder().name(name).namespace(namespace).labels(labels(service)).build();
  }

  private Map<String, String> labels(Service service) {
    return Map.of(
        ComposeProject.PROJECT_LABEL, file.project(),
        ComposeProject.SERVICE_LABEL, service.name());
  }

  private static Map<String, String> selector(Service service) {
    return Map.of(ComposeProject.SERVICE_LABEL, service.name());
  }
}
