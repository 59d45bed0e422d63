package dev.kapell.apiserver;

import static dev.kapell.apiserver.VerbsTest.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.tree.Obj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bounds of a namespace, and other rules that look at pods when they are created. */
class LimitRangeTest {
  private final Api api = new Api();
  private final Api.Place pods = api.at("v1/pods");

  @AfterEach
  void close() {
    api.close();
  }

  private void limit(String limit) {
    api.at("v1/limitranges").create("{metadata: {name: l}, spec: {limits: [" + limit + "]}}");
  }

  private static String pod(String resources) {
    return "{metadata: {name: p}, spec: {containers: [{name: c, image: i, resources: "
        + resources
        + "}]}}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: Container, min: {cpu: 100m}}|{requests: {cpu: 50m}}|minimum cpu usage per Container"
            + " is 100m, but request is 50m",
        "{type: Pod, min: {cpu: 100m}}|{}|minimum cpu usage per Pod is 100m.  No request is"
            + " specified",
        "{type: Pod, max: {cpu: '1'}}|{}|maximum cpu usage per Pod is 1.  No limit is specified",
        "{type: Pod, max: {cpu: '1'}}|{limits: {cpu: '2'}}|maximum cpu usage per Pod is 1, but"
            + " limit is 2",
        "{type: Container, max: {memory: 1Gi}}|{limits: {memory: 2Gi}, requests: {memory:"
            + " 1Mi}}|maximum memory usage per Container is 1Gi, but limit is 2Gi",
        "{type: Container, maxLimitRequestRatio: {cpu: '2'}}|{limits: {cpu: '3'}, requests: {cpu:"
            + " '1'}}|cpu max limit to request ratio per Container is 2, but provided ratio is"
            + " 3.000000",
        "{type: Container, maxLimitRequestRatio: {cpu: '2'}}|{}|cpu max limit to request ratio per"
            + " Container is 2, but no request is specified or request is 0",
      })
  void whatIsOutOfBoundsIsRefused(String limit, String resources, String why) {
    limit(limit);
    says(403, why, () -> pods.create(pod(resources)));
  }

  @Test
  void defaultsAreFilledInAndNoted() {
    limit("{type: Container, default: {cpu: 500m}, defaultRequest: {cpu: 100m, memory: 1Mi}}");
    Obj made = pods.create(pod("{}"));
    Obj resources = made.child("spec").items("containers").getFirst().child("resources");
    assertThat(resources.strings("limits")).containsEntry("cpu", "500m");
    assertThat(resources.strings("requests"))
        .containsEntry("cpu", "100m")
        .containsEntry("memory", "1Mi");
    assertThat(made.child("metadata").strings("annotations"))
        .containsEntry(
            "kubernetes.io/limit-ranger",
            "LimitRanger plugin set: cpu, memory request for container c; cpu limit for container"
                + " c");
  }

  @Test
  void claimsAreBoundToo() {
    limit("{type: PersistentVolumeClaim, max: {storage: 1Gi}}");
    says(
        403,
        "maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi",
        () ->
            api.at("v1/persistentvolumeclaims")
                .create(
                    "{metadata: {name: a}, spec: {accessModes: [ReadWriteOnce], resources:"
                        + " {requests: {storage: 2Gi}}}}"));
  }

  @Test
  void ofSeveralDefaultClassesTheNewestCounts() {
    String type =
        "{metadata: {name: %s, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}},"
            + " provisioner: x}";
    Api.Place classes = api.at("storage.k8s.io/v1/storageclasses");
    classes.create(type.formatted("old"));
    api.clock.advance(java.time.Duration.ofMinutes(1));
    classes.create(type.formatted("young"));
    Obj claim =
        api.at("v1/persistentvolumeclaims")
            .create(
                "{metadata: {name: a}, spec: {accessModes: [ReadWriteOnce], resources: {requests:"
                    + " {storage: 1Gi}}}}");
    assertThat(claim.child("spec").text("storageClassName")).isEqualTo("young");
  }

  @Test
  void anAccountCanKeepItsPodsFromOtherSecrets() {
    api.at("v1/serviceaccounts")
        .create(
            "{metadata: {name: strict, annotations: {kubernetes.io/enforce-mountable-secrets:"
                + " 'true'}}, secrets: [{name: mine}]}");
    String pod =
        "{metadata: {name: %1$s}, spec: {serviceAccountName: strict, containers: [{name: c, image:"
            + " i}], volumes: [{name: v, secret: {secretName: %1$s}}]}}";
    pods.create(pod.formatted("mine"));
    says(
        403,
        "secret \"other\" is not allowed because service account strict does not reference that"
            + " secret",
        () -> pods.create(pod.formatted("other")));
  }

  @Test
  void aRuntimeClassDecidesOverheadAndPlace() {
    api.at("node.k8s.io/v1/runtimeclasses")
        .create(
            "{metadata: {name: vm}, handler: vm, overhead: {podFixed: {cpu: 10m}}, scheduling:"
                + " {nodeSelector: {vm: 'yes'}}}");
    String pod =
        "{metadata: {name: %s}, spec: {runtimeClassName: vm, containers: [{name: c, image: i}]%s}}";
    assertThat(pods.create(pod.formatted("a", "")).child("spec").strings("overhead"))
        .containsEntry("cpu", "10m");
    says(
        403,
        "Pod's Overhead doesn't match RuntimeClass's defined Overhead",
        () -> pods.create(pod.formatted("b", ", overhead: {cpu: '1'}")));
    says(
        403,
        "conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no",
        () -> pods.create(pod.formatted("b", ", nodeSelector: {vm: 'no'}")));
  }
}
