package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Informers of the two Java clients see what happens, in order. */
@SharesCluster
class ClientsTest {

  @Test
  void fabric8InformersSeeEveryChange() throws Exception {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    try (KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Kapell.kubeconfig().toFile()))
                .build();
        SharedIndexInformer<ConfigMap> informer =
            client
                .configMaps()
                .inNamespace("default")
                .withLabel("by", "fabric8")
                .inform(handler(seen))) {
      Kapell.eventually(30, () -> assertThat(informer.hasSynced()).isTrue());
      ConfigMap created =
          client
              .resource(
                  new ConfigMapBuilder()
                      .withNewMetadata()
                      .withName("fabric8")
                      .withNamespace("default")
                      .addToLabels("by", "fabric8")
                      .endMetadata()
                      .addToData("k", "1")
                      .build())
              .create();
      created.setData(Map.of("k", "2"));
      client.resource(created).update();
      client.resource(created).delete();
      Kapell.eventually(
          30, () -> assertThat(seen).containsExactly("add 1", "update 2", "delete 2"));
    }
  }

  private static ResourceEventHandler<ConfigMap> handler(Queue<String> seen) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(ConfigMap map) {
        seen.add("add " + map.getData().get("k"));
      }

      @Override
      public void onUpdate(ConfigMap before, ConfigMap map) {
        seen.add("update " + map.getData().get("k"));
      }

      @Override
      public void onDelete(ConfigMap map, boolean unknown) {
        seen.add("delete " + map.getData().get("k"));
      }
    };
  }

  @Test
  void clientJavaInformersSeeEveryChange() throws Exception {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    ApiClient client = io.kubernetes.client.util.Config.fromConfig(Kapell.kubeconfig().toString());
    CoreV1Api api = new CoreV1Api(client);
    SharedInformerFactory factory = new SharedInformerFactory(client);
    try {
      factory
          .sharedIndexInformerFor(
              parameters ->
                  api.listNamespacedConfigMap("default")
                      .labelSelector("by=client-java")
                      .resourceVersion(parameters.resourceVersion)
                      .timeoutSeconds(parameters.timeoutSeconds)
                      .watch(parameters.watch)
                      .buildCall(null),
              V1ConfigMap.class,
              V1ConfigMapList.class)
          .addEventHandler(
              new io.kubernetes.client.informer.ResourceEventHandler<V1ConfigMap>() {
                @Override
                public void onAdd(V1ConfigMap map) {
                  seen.add("add " + map.getData().get("k"));
                }

                @Override
                public void onUpdate(V1ConfigMap before, V1ConfigMap map) {
                  seen.add("update " + map.getData().get("k"));
                }

                @Override
                public void onDelete(V1ConfigMap map, boolean unknown) {
                  seen.add("delete " + map.getData().get("k"));
                }
              });
      factory.startAllRegisteredInformers();
      V1ConfigMap map =
          new V1ConfigMap()
              .metadata(new V1ObjectMeta().name("client-java").labels(Map.of("by", "client-java")))
              .data(Map.of("k", "1"));
      V1ConfigMap created = api.createNamespacedConfigMap("default", map).execute();
      Kapell.eventually(30, () -> assertThat(seen).containsExactly("add 1"));
      api.replaceNamespacedConfigMap("client-java", "default", created.data(Map.of("k", "2")))
          .execute();
      Kapell.eventually(30, () -> assertThat(seen).containsExactly("add 1", "update 2"));
      api.deleteNamespacedConfigMap("client-java", "default").execute();
      Kapell.eventually(
          30, () -> assertThat(seen).containsExactly("add 1", "update 2", "delete 2"));
    } finally {
      factory.stopAllRegisteredInformers();
    }
  }
}
