package dev.kapell.apiserver;

import static dev.kapell.apiserver.VerbsTest.says;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nodes are kept from writing. */
class NodeRestrictionTest {
  private static final String MIRROR =
      """
      metadata:
        name: m
        annotations: {kubernetes.io/config.mirror: x}
        ownerReferences: [{apiVersion: v1, kind: Node, name: n1, uid: u}]
      spec: {nodeName: n1, automountServiceAccountToken: false, containers: [{name: c, image: i}]}
      """;

  private final Api api = new Api();
  private final Api.Place pods = own("v1/pods");
  private final Api.Place nodes = own("v1/nodes");

  private Api.Place own(String path) {
    return api.at(path).as("system:node:n1", "system:nodes", "system:authenticated");
  }

  @BeforeEach
  void twoPods() {
    api.at("v1/namespaces").create("metadata: {name: kube-node-lease}");
    for (String node : new String[] {"n1", "n2"}) {
      api.at("v1/pods").create(Api.pod("on-" + node));
      api.at("v1/pods").sub("binding").create("on-" + node, "target: {name: " + node + "}");
    }
  }

  @AfterEach
  void close() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kubernetes.io/hostname: n1|",
        "node.kubernetes.io/instance-type: x|",
        "sub.kubelet.kubernetes.io/x: y|",
        "example.com/x: y|",
        "plain: y|",
        "node-role.kubernetes.io/control-plane: ''|is not allowed to set the following labels: node-role.kubernetes.io/control-plane",
        "node-restriction.kubernetes.io/x: y|is not allowed to set the following labels",
        "x.k8s.io/y: z|is not allowed to set the following labels",
      })
  void aNodeLabelsItselfOnlyWithWhatNobodyTrusts(
      String label, @org.jspecify.annotations.Nullable String refusal) {
    String node = "metadata: {name: n1, labels: {" + label + "}}";
    if (refusal == null) {
      assertThat(nodes.create(node).child("metadata").text("name")).isEqualTo("n1");
    } else {
      says(403, refusal, () -> nodes.create(node));
    }
  }

  @Test
  void aNodeChangesOnlyItself() {
    nodes.create("metadata: {name: n1}");
    api.at("v1/nodes").create("metadata: {name: n2}");
    says(
        403,
        "nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node \"n2\"",
        () -> nodes.patch("n2", "merge-patch", "metadata: {annotations: {a: b}}"));
    says(
        403,
        "node \"n1\" is not allowed to modify taints",
        () -> nodes.patch("n1", "merge-patch", "spec: {taints: [{key: a, effect: NoExecute}]}"));
    says(
        403,
        "node \"n1\" is not allowed to modify labels: node-role.kubernetes.io/x",
        () ->
            nodes.patch(
                "n1", "merge-patch", "metadata: {labels: {node-role.kubernetes.io/x: ''}}"));
    says(
        403,
        "node \"n1\" is not allowed to modify ownerReferences",
        () ->
            nodes.patch(
                "n1",
                "merge-patch",
                "metadata: {ownerReferences: [{apiVersion: v1, kind: X, name: y, uid: z}]}"));
    nodes.patch("n1", "merge-patch", "metadata: {annotations: {a: b}}");
    nodes.sub("status").patch("n1", "merge-patch", "status: {phase: Running}");
  }

  @Test
  void aNodeWritesTheStatusOfItsOwnPods() {
    pods.sub("status").patch("on-n1", "merge-patch", "status: {phase: Running}");
    says(
        403,
        "node \"n1\" can only update pod status for pods with spec.nodeName set to itself",
        () -> pods.sub("status").patch("on-n2", "merge-patch", "status: {phase: Running}"));
    says(
        403,
        "node \"n1\" cannot update labels through pod status",
        () -> pods.sub("status").patch("on-n1", "merge-patch", "metadata: {labels: {app: z}}"));
    says(
        403,
        "can only create and delete mirror pods",
        () -> pods.patch("on-n1", "merge-patch", "metadata: {annotations: {a: b}}"));
  }

  @Test
  void aNodeEndsItsOwnPodsOnly() {
    says(
        403,
        "node \"n1\" can only delete pods with spec.nodeName set to itself",
        () -> pods.delete("on-n2"));
    says(
        403,
        "node \"n1\" can only evict pods with spec.nodeName set to itself",
        () -> pods.sub("eviction").create("on-n2", "metadata: {name: on-n2}"));
    pods.delete("on-n1");
  }

  @Test
  void mirrorPodsReferToNothing() {
    assertThat(pods.create(MIRROR).child("spec").text("nodeName")).isEqualTo("n1");
    says(
        403,
        "pod does not have \"kubernetes.io/config.mirror\" annotation",
        () -> pods.create(Api.pod("x")));
    says(
        403,
        "can only create pods with spec.nodeName set to itself",
        () ->
            pods.create(
                MIRROR.replace("nodeName: n1", "nodeName: n2").replace("name: m", "name: x")));
    says(
        403,
        "can only create pods with an owner reference set to itself",
        () ->
            pods.create(
                MIRROR.replace("kind: Node", "kind: Pod").replace("name: m\n", "name: x\n")));
    says(
        403,
        "a mirror pod may not reference secrets",
        () ->
            pods.create(
                MIRROR
                    .replace("name: m\n", "name: x\n")
                    .replace("spec: {", "spec: {volumes: [{name: v, secret: {secretName: s}}], ")));
  }

  /** CVE-2025-4563 and its elders: by a mirror pod a node reached what is not its own. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "volumes: [{name: v, configMap: {name: s}}]|configmaps",
        "volumes: [{name: v, persistentVolumeClaim: {claimName: s}}]|persistentvolumeclaims",
        "volumes: [{name: v, projected: {sources: [{secret: {name: s}}]}}]|secrets",
        "resourceClaims: [{name: c, resourceClaimName: r}]|resource claims",
        "resourceClaims: [{name: c, resourceClaimTemplateName: r}]|resource claims",
        "serviceAccountName: default|service account",
      })
  void aMirrorPodReachesNothing(String spec, String expected) {
    says(403, expected, () -> pods.create(MIRROR.replace("spec: {", "spec: {" + spec + ", ")));
  }

  /** CVE-2025-5187: a node that was owned by something absent was collected, and came back new. */
  @Test
  void aNodeIsOwnedByNothing() {
    String owned =
        "metadata: {name: n1, ownerReferences: [{apiVersion: v1, kind: X, name: y, uid: z}]}";
    says(403, "node \"n1\" is not allowed to set ownerReferences", () -> nodes.create(owned));
  }

  @Test
  void tokensAreForItsOwnPods() {
    Api.Place tokens = own("v1/serviceaccounts").sub("token");
    String uid = api.at("v1/pods").get("on-n1").child("metadata").text("uid");
    String other = api.at("v1/pods").get("on-n2").child("metadata").text("uid");
    String order =
        "spec: {audiences: [%s], boundObjectRef: {kind: Pod, apiVersion: v1, name: %s, uid: %s}}";
    tokens.create("default", order.formatted("", "on-n1", uid));
    says(
        403,
        "node requested token not bound to a pod",
        () -> tokens.create("default", "spec: {audiences: []}"));
    says(
        403,
        "node requested token bound to a pod scheduled on a different node",
        () -> tokens.create("default", order.formatted("", "on-n2", other)));
    says(
        403, "does not match", () -> tokens.create("default", order.formatted("", "on-n1", other)));
    says(
        403,
        "audience \"vault\" not found in pod spec volume",
        () -> tokens.create("default", order.formatted("vault", "on-n1", uid)));
  }

  @Test
  void theLeaseIsItsOwn() {
    Api.Place leases = own("coordination.k8s.io/v1/leases");
    leases.in("kube-node-lease").create("metadata: {name: n1}");
    says(
        403,
        "can only access node lease with the same name as the requesting node",
        () -> leases.in("kube-node-lease").create("metadata: {name: n2}"));
    says(
        403,
        "can only access leases in the \"kube-node-lease\" system namespace",
        () -> leases.in("default").create("metadata: {name: n1}"));
  }

  @Test
  void itOffersItsOwnDevices() {
    Api.Place slices = own("resource.k8s.io/v1/resourceslices");
    String form =
        "metadata: {name: %s}\nspec: {driver: a.b, nodeName: %s, pool: {name: p, resourceSliceCount: 1}}";
    slices.create(form.formatted("one", "n1"));
    says(
        403,
        "can only create ResourceSlice with the same NodeName as the requesting node",
        () -> slices.create(form.formatted("two", "n2")));
    api.at("resource.k8s.io/v1/resourceslices").create(form.formatted("two", "n2"));
    says(
        403,
        "can only delete ResourceSlice with the same NodeName as the requesting node",
        () -> slices.delete("two"));
    slices.delete("one");
  }
}
