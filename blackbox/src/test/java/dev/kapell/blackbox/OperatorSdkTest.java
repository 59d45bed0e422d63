package dev.kapell.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * An operator written with the Java Operator SDK: a Greeting gets a ConfigMap by server-side apply,
 * its status tells so, what others change goes back, and a finalizer sees the end.
 */
@SharesCluster
class OperatorSdkTest {
  /** What a person asks for. */
  public static final class Wish {
    public String name = "";
  }

  /** What the operator answers. */
  public static final class Answer {
    public String text = "";
  }

  /** The custom resource. */
  @Group("blackbox.kapell.dev")
  @Version("v1")
  public static final class Greeting extends CustomResource<Wish, Answer> implements Namespaced {
    private static final long serialVersionUID = 1;
  }

  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: greetings.blackbox.kapell.dev}
      spec:
        group: blackbox.kapell.dev
        scope: Namespaced
        names: {kind: Greeting, plural: greetings, singular: greeting}
        versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec: {type: object, properties: {name: {type: string}}}
                status: {type: object, properties: {text: {type: string}}}
      """;

  @ControllerConfiguration
  static final class Greeter implements Reconciler<Greeting>, Cleaner<Greeting> {
    final Queue<String> cleaned = new ConcurrentLinkedQueue<>();

    @Override
    public List<EventSource<?, Greeting>> prepareEventSources(
        EventSourceContext<Greeting> context) {
      return List.of(
          new InformerEventSource<>(
              InformerEventSourceConfiguration.from(ConfigMap.class, Greeting.class)
                  .withLabelSelector("by=greeter")
                  .build(),
              context));
    }

    @Override
    public UpdateControl<Greeting> reconcile(Greeting greeting, Context<Greeting> context) {
      String text = "Hello, " + greeting.getSpec().name;
      ConfigMap wanted =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName(greeting.getMetadata().getName())
              .withNamespace(greeting.getMetadata().getNamespace())
              .addToLabels("by", "greeter")
              .endMetadata()
              .withData(Map.of("text", text))
              .build();
      wanted.addOwnerReference(greeting);
      context
          .getClient()
          .resource(wanted)
          .fieldManager("greeter")
          .forceConflicts()
          .serverSideApply();
      Answer answer = new Answer();
      answer.text = text;
      greeting.setStatus(answer);
      return UpdateControl.patchStatus(greeting);
    }

    @Override
    public DeleteControl cleanup(Greeting greeting, Context<Greeting> context) {
      cleaned.add(greeting.getMetadata().getName());
      return DeleteControl.defaultDelete();
    }
  }

  @Test
  void anOperatorReconcilesItsResources() throws Exception {
    Config config = Config.fromKubeconfig(Kapell.kubeconfig().toFile());
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      client.load(new ByteArrayInputStream(DEFINITION.getBytes(UTF_8))).create();
      Greeter greeter = new Greeter();
      Operator operator = new Operator(overrides -> overrides.withKubernetesClient(client));
      operator.register(greeter);
      operator.start();
      try {
        reconciles(client, greeter);
      } finally {
        operator.stop();
        Kapell.kubectl("delete", "crd", "greetings.blackbox.kapell.dev").ok();
      }
    }
  }

  private static void reconciles(KubernetesClient client, Greeter greeter) throws Exception {
    Greeting greeting = new Greeting();
    greeting.setMetadata(new ObjectMetaBuilder().withName("sdk").withNamespace("default").build());
    greeting.setSpec(new Wish());
    greeting.getSpec().name = "Ada";
    client.resource(greeting).create();
    Kapell.eventually(30, () -> assertThat(text(client)).isEqualTo("Hello, Ada"));
    Kapell.eventually(
        30,
        () ->
            assertThat(client.resource(greeting).get().getStatus())
                .isNotNull()
                .extracting(answer -> answer.text)
                .isEqualTo("Hello, Ada"));

    maps(client)
        .withName("sdk")
        .edit(map -> new ConfigMapBuilder(map).addToData("text", "no").build());
    Kapell.eventually(30, () -> assertThat(text(client)).isEqualTo("Hello, Ada"));

    client
        .resource(greeting)
        .edit(
            current -> {
              current.getSpec().name = "Grace";
              return current;
            });
    Kapell.eventually(30, () -> assertThat(text(client)).isEqualTo("Hello, Grace"));

    client.resource(greeting).delete();
    Kapell.eventually(30, () -> assertThat(client.resource(greeting).get()).isNull());
    assertThat(greeter.cleaned).contains("sdk");
    Kapell.eventually(30, () -> assertThat(maps(client).withName("sdk").get()).isNull());
  }

  private static NonNamespaceOperation<ConfigMap, ConfigMapList, Resource<ConfigMap>> maps(
      KubernetesClient client) {
    return client.configMaps().inNamespace("default");
  }

  private static String text(KubernetesClient client) {
    ConfigMap map = maps(client).withName("sdk").get();
    return map == null ? "" : map.getData().getOrDefault("text", "");
  }
}
