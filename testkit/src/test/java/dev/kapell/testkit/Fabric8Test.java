package dev.kapell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@KapellTest
@Timeout(60)
class Fabric8Test {

  private static KubernetesClient connect(TestCluster cluster) {
    Config config = Config.fromKubeconfig(cluster.kubeconfig().toFile());
    assertThat(config.getMasterUrl()).startsWith(cluster.url());
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Test
  void itsRolloutsComeTrue(TestCluster cluster) {
    try (KubernetesClient fabric8 = connect(cluster)) {
      Deployment wanted =
          new DeploymentBuilder()
              .withNewMetadata()
              .withName("from-fabric8")
              .withNamespace("default")
              .endMetadata()
              .withNewSpec()
              .withReplicas(3)
              .withNewSelector()
              .addToMatchLabels("app", "f8")
              .endSelector()
              .withNewTemplate()
              .withNewMetadata()
              .addToLabels("app", "f8")
              .endMetadata()
              .withNewSpec()
              .addNewContainer()
              .withName("main")
              .withImage("web:1")
              .endContainer()
              .endSpec()
              .endTemplate()
              .endSpec()
              .build();

      fabric8.resource(wanted).create();

      Deployment ready =
          fabric8
              .resource(wanted)
              .waitUntilCondition(
                  d -> d != null && Integer.valueOf(3).equals(d.getStatus().getAvailableReplicas()),
                  30,
                  TimeUnit.SECONDS);
      assertThat(ready.getStatus().getReadyReplicas()).isEqualTo(3);
      assertThat(fabric8.pods().inNamespace("default").withLabel("app", "f8").list().getItems())
          .hasSize(3);
    }
  }

  private static void resize(KubernetesClient fabric8, Pod pod, String cpu) {
    Pod wanted =
        new PodBuilder(pod)
            .editMetadata()
            .withResourceVersion(null)
            .endMetadata()
            .editSpec()
            .editFirstContainer()
            .editResources()
            .addToRequests("cpu", new Quantity(cpu))
            .endResources()
            .endContainer()
            .endSpec()
            .build();
    fabric8.raw("/api/v1/namespaces/default/pods/elastic/resize", "PUT", wanted);
  }

  private static boolean has(@Nullable Pod pod, String cpu, String reason) {
    if (pod == null || pod.getStatus().getContainerStatuses().isEmpty()) {
      return false;
    }
    ContainerStatus status = pod.getStatus().getContainerStatuses().getFirst();
    String told =
        pod.getStatus().getConditions().stream()
            .filter(condition -> condition.getType().startsWith("PodResize"))
            .map(condition -> condition.getType() + " " + condition.getReason())
            .collect(Collectors.joining());
    return status.getResources() != null
        && new Quantity(cpu).equals(status.getResources().getRequests().get("cpu"))
        && new Quantity(cpu).equals(status.getAllocatedResources().get("cpu"))
        && told.equals(reason);
  }

  @Test
  void itResizesAPodInPlace(TestCluster cluster) {
    try (KubernetesClient fabric8 = connect(cluster)) {
      Pod pod =
          new PodBuilder()
              .withNewMetadata()
              .withName("elastic")
              .withNamespace("default")
              .endMetadata()
              .withNewSpec()
              .addNewContainer()
              .withName("main")
              .withImage("web:1")
              .withNewResources()
              .addToRequests("cpu", new Quantity("100m"))
              .endResources()
              .endContainer()
              .endSpec()
              .build();
      var resource = fabric8.resource(pod);
      resource.create();
      resource.waitUntilReady(30, TimeUnit.SECONDS);
      resize(fabric8, resource.get(), "200m");
      resource.waitUntilCondition(seen -> has(seen, "200m", ""), 30, TimeUnit.SECONDS);
      resize(fabric8, resource.get(), "1000");
      resource.waitUntilCondition(
          seen -> has(seen, "200m", "PodResizePending Infeasible"), 30, TimeUnit.SECONDS);
      resize(fabric8, resource.get(), "150m");
      resource.waitUntilCondition(seen -> has(seen, "150m", ""), 30, TimeUnit.SECONDS);
    }
  }

  @Test
  void itsInformersHearOfChanges(TestCluster cluster) throws Exception {
    CompletableFuture<String> heard = new CompletableFuture<>();
    try (KubernetesClient fabric8 = connect(cluster);
        SharedIndexInformer<ConfigMap> informer =
            fabric8.configMaps().inNamespace("default").inform(onUpdate(heard))) {
      ConfigMap first =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName("watched")
              .withNamespace("default")
              .endMetadata()
              .build();
      fabric8.resource(first).create();
      fabric8
          .resource(first)
          .edit(map -> new ConfigMapBuilder(map).withData(Map.of("key", "value")).build());

      assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo("value");
      assertThat(informer.hasSynced()).isTrue();
    }
  }

  private static ResourceEventHandler<ConfigMap> onUpdate(CompletableFuture<String> heard) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(ConfigMap map) {
        // Only the change is of interest.
      }

      @Override
      public void onUpdate(ConfigMap before, ConfigMap after) {
        if (after.getMetadata().getName().equals("watched")) {
          heard.complete(after.getData().get("key"));
        }
      }

      @Override
      public void onDelete(ConfigMap map, boolean unknownState) {
        // Only the change is of interest.
      }
    };
  }
}
