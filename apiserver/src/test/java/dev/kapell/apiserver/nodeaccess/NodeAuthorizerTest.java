package dev.kapell.apiserver.nodeaccess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.selector.FieldQuery;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.ManualClock;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node may, by what its pods refer to. */
class NodeAuthorizerTest {
  private final dev.kapell.apiserver.ApiCore core =
      dev.kapell.apiserver.ApiCore.open(
          new dev.kapell.apiserver.ApiCore.Needs(
              dev.kapell.store.MemoryStore.open(dev.kapell.store.StoreOptions.defaults()),
              new ManualClock(Instant.EPOCH),
              dev.kapell.base.Randomness.seeded(1),
              order -> {
                throw new IllegalStateException("no tokens here");
              }));
  private final Client client = core.client(User.SYSTEM, "test");
  private final NodeGraph graph = new NodeGraph(client, new ManualClock(Instant.EPOCH));
  private final NodeAuthorizer authorizer = new NodeAuthorizer(graph);

  @BeforeEach
  void onePodWithEverything() {
    graph.putPod(
        pod(
            """
            metadata: {namespace: ns, name: web, uid: u1}
            spec:
              nodeName: n1
              serviceAccountName: builder
              imagePullSecrets: [{name: pull}]
              initContainers:
              - {name: i, env: [{name: A, valueFrom: {secretKeyRef: {name: init, key: k}}}]}
              containers:
              - name: c
                envFrom: [{secretRef: {name: from}}, {configMapRef: {name: cfrom}}]
                env: [{name: A, valueFrom: {configMapKeyRef: {name: cenv, key: k}}}]
              volumes:
              - {name: a, secret: {secretName: vol}}
              - {name: b, projected: {sources: [{secret: {name: proj}}, {configMap: {name: cproj}}]}}
              - {name: c, persistentVolumeClaim: {claimName: data}}
              - {name: d, ephemeral: {}}
              - {name: e, configMap: {name: cvol}}
            """));
    graph.putVolume(
        JsonCodec.decode(
            PersistentVolume.CODEC,
            JsonCodec.writeTree(
                Yaml.document(
                    """
                    metadata: {name: pv1}
                    spec:
                      claimRef: {namespace: ns, name: data}
                      csi: {driver: d, volumeHandle: h, nodeStageSecretRef: {namespace: other, name: stage}}
                    """))));
  }

  @AfterEach
  void close() {
    graph.close();
    core.close();
  }

  @ParameterizedTest
  @CsvSource({
    "get, , secrets, ns, pull, true",
    "get, , secrets, ns, init, true",
    "get, , secrets, ns, from, true",
    "get, , secrets, ns, vol, true",
    "get, , secrets, ns, proj, true",
    "list, , secrets, ns, vol, true",
    "watch, , secrets, ns, vol, true",
    "list, , secrets, ns, , false",
    "update, , secrets, ns, vol, false",
    "get, , secrets, ns, other, false",
    "get, , secrets, ns2, vol, false",
    "get, , secrets, other, stage, true",
    "get, , configmaps, ns, cfrom, true",
    "get, , configmaps, ns, cenv, true",
    "get, , configmaps, ns, cproj, true",
    "get, , configmaps, ns, cvol, true",
    "get, , configmaps, ns, vol, false",
    "get, , persistentvolumeclaims, ns, data, true",
    "get, , persistentvolumeclaims, ns, web-d, true",
    "list, , persistentvolumeclaims, ns, data, false",
    "patch, , persistentvolumeclaims/status, ns, data, true",
    "get, , persistentvolumes, , pv1, true",
    "get, , persistentvolumes, , pv2, false",
    "create, , serviceaccounts/token, ns, builder, true",
    "create, , serviceaccounts/token, ns, default, false",
    "get, , pods, ns, web, true",
    "get, , pods, ns, web2, false",
    "patch, , pods/status, ns, web, true",
    "patch, , pods/status, ns, web2, false",
    "list, , pods, , , false",
    "create, , pods/eviction, ns, web2, true",
    "create, , pods/exec, ns, web, false",
    "get, , nodes, , n1, true",
    "get, , nodes, , n2, false",
    "list, , nodes, , , false",
    "create, , nodes, , , true",
    "patch, , nodes/status, , n1, true",
    "patch, , nodes/status, , n2, false",
    "delete, , nodes, , n1, false",
    "get, coordination.k8s.io, leases, kube-node-lease, n1, true",
    "create, coordination.k8s.io, leases, kube-node-lease, , true",
    "update, coordination.k8s.io, leases, kube-node-lease, n2, false",
    "update, coordination.k8s.io, leases, default, n1, false",
    "list, , services, , , true",
    "delete, , services, ns, s, false",
    "list, discovery.k8s.io, endpointslices, , , true",
    "create, , events, ns, , true",
    "get, , namespaces, , ns, false",
    "get, rbac.authorization.k8s.io, clusterroles, , x, false",
  })
  void aNodeMayWhatItsPodsNeed(
      String verb, String group, String resource, String namespace, String name, boolean allowed) {
    String[] parts = resource.split("/", -1);
    Target target =
        new Target(
            text(group),
            "v1",
            parts[0],
            text(namespace),
            text(name),
            parts.length > 1 ? parts[1] : "");
    assertThat(authorizer.decide(node("n1"), Action.on(verb, target)).allowed()).isEqualTo(allowed);
  }

  @Test
  void podsAreListedByNode() {
    Action all = Action.on("list", new Target("", "v1", "pods", "", "", ""));
    assertThat(authorizer.decide(node("n1"), selecting(all, "spec.nodeName=n1")).allowed())
        .isTrue();
    assertThat(authorizer.decide(node("n1"), selecting(all, "spec.nodeName=n2")).allowed())
        .isFalse();
    assertThat(authorizer.decide(node("n1"), selecting(all, "spec.nodeName!=n1")).allowed())
        .isFalse();
  }

  @Test
  void whatAPodLeadToIsLostWithThePod() {
    Action secret = Action.on("get", new Target("", "v1", "secrets", "ns", "vol", ""));
    graph.putPod(
        pod(
            """
            metadata: {namespace: ns, name: second, uid: u2}
            spec: {nodeName: n1, volumes: [{name: a, secret: {secretName: vol}}]}
            """));
    graph.removePod(new ObjectKey("ns", "web"));
    assertThat(authorizer.decide(node("n1"), secret).allowed()).isTrue();
    graph.removePod(new ObjectKey("ns", "second"));
    assertThat(authorizer.decide(node("n1"), secret).reason())
        .isEqualTo("no relationship found between node 'n1' and this object");
  }

  @Test
  void othersAreNotItsConcern() {
    Action secret = Action.on("get", new Target("", "v1", "secrets", "ns", "vol", ""));
    User named = new User("system:node:n1", "", List.of("others"), Map.of());
    assertThat(authorizer.decide(named, secret).allowed()).isFalse();
    assertThat(authorizer.decide(node("n2"), secret).allowed()).isFalse();
    assertThat(
            authorizer
                .decide(new User("system:node:", "", List.of("system:nodes"), Map.of()), secret)
                .allowed())
        .isFalse();
  }

  private static Action selecting(Action action, String fields) {
    return action.selecting(FieldQuery.parse(fields), LabelQuery.EVERYTHING);
  }

  private static User node(String name) {
    return new User("system:node:" + name, "", List.of("system:nodes"), Map.of());
  }

  private static String text(@org.jspecify.annotations.Nullable String cell) {
    return Objects.requireNonNullElse(cell, "");
  }

  private static Pod pod(String yaml) {
    return JsonCodec.decode(Pod.CODEC, JsonCodec.writeTree(Yaml.document(yaml)));
  }
}
