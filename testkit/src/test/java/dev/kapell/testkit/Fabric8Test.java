package dev.kapell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
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
