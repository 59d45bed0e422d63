package dev.kapell.testkit;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ObjectKey;
import java.util.List;
import java.util.Map;

/** Small objects for tests, all in the namespace {@code default}. */
final class Samples {
  private Samples() {}

  static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }

  static ObjectMeta named(String name) {
    return ObjectMeta.builder().namespace("default").name(name).build();
  }

  static Pod pod(String name, String restartPolicy, String... command) {
    return Pod.builder()
        .metadata(named(name))
        .spec(
            PodSpec.builder()
                .restartPolicy(restartPolicy)
                .containers(List.of(container(command)))
                .build())
        .build();
  }

  private static Container container(String... command) {
    return Container.builder().name("main").image("web:1").command(List.of(command)).build();
  }

  static Deployment deployment(String name, int replicas) {
    Map<String, String> labels = Map.of("app", name);
    PodTemplateSpec template =
        PodTemplateSpec.builder()
            .metadata(ObjectMeta.EMPTY.withLabels(labels))
            .spec(PodSpec.builder().containers(List.of(container())).build())
            .build();
    return Deployment.builder()
        .metadata(named(name))
        .spec(
            DeploymentSpec.builder()
                .replicas(replicas)
                .selector(LabelSelector.builder().matchLabels(labels).build())
                .template(template)
                .build())
        .build();
  }
}
