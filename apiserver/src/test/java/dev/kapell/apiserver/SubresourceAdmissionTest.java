package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What webhooks and policies see of writes to subresources: the objects Kubernetes shows. */
class SubresourceAdmissionTest {
  private static final String POLICIES = "admissionregistration.k8s.io/v1/";

  @TempDir static Path keys;

  private final Api api = new Api();
  private OutsideServer server;

  @BeforeEach
  void serve() throws IOException {
    server = new OutsideServer(keys);
    api.at("v1/pods").create(Api.pod("p"));
    api.at("apps/v1/deployments").create(Api.deployment("d", 2));
  }

  @AfterEach
  void close() {
    server.close();
    api.close();
  }

  private void hook(String kind, String resource) {
    api.at(POLICIES + kind + "webhookconfigurations")
        .create(
            """
            metadata: {name: look}
            webhooks:
            - name: look.kapell.test
              clientConfig: %s
              sideEffects: None
              admissionReviewVersions: [v1]
              rules: [{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['%s']}]
            """
                .formatted(server.client("/look"), resource));
  }

  /**
   * One row.
   *
   * @param seen operation, kind of the body, kind of the object before ({@code -}: none)
   * @param path where in {@code object} the value stands that makes the body out
   */
  private static Arguments row(
      String resource, Consumer<Api> write, String seen, String path, Object value) {
    return Arguments.of(resource, write, seen, path, value);
  }

  static List<Arguments> writes() {
    String meta = "metadata: {name: p, namespace: default}";
    return List.of(
        row(
            "deployments/scale",
            api ->
                api.at("apps/v1/deployments")
                    .sub("scale")
                    .patch("d", "merge-patch", "{spec: {replicas: 5}}"),
            "UPDATE autoscaling/v1/Scale autoscaling/v1/Scale",
            "spec.replicas",
            5L),
        row(
            "deployments/scale",
            api ->
                api.at("apps/v1/deployments")
                    .sub("scale")
                    .with("fieldManager", "m")
                    .with("force", "true")
                    .patch(
                        "d",
                        "apply",
                        "{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: d}, spec: {replicas: 4}}"),
            "UPDATE autoscaling/v1/Scale autoscaling/v1/Scale",
            "spec.replicas",
            4L),
        row(
            "pods/binding",
            api ->
                api.at("v1/pods")
                    .sub("binding")
                    .create("p", "{" + meta + ", target: {kind: Node, name: n}}"),
            "CREATE v1/Binding -",
            "target.name",
            "n"),
        row(
            "pods/eviction",
            api -> api.at("v1/pods").sub("eviction").create("p", "{" + meta + "}"),
            "CREATE policy/v1/Eviction -",
            "metadata.name",
            "p"),
        row(
            "pods/ephemeralcontainers",
            api ->
                api.at("v1/pods")
                    .sub("ephemeralcontainers")
                    .patch(
                        "p",
                        "strategic-merge-patch",
                        "{spec: {ephemeralContainers: [{name: e, image: i}]}}"),
            "UPDATE v1/Pod v1/Pod",
            "metadata.name",
            "p"),
        row(
            "pods/resize",
            api ->
                api.at("v1/pods")
                    .sub("resize")
                    .patch(
                        "p",
                        "strategic-merge-patch",
                        "{spec: {containers: [{name: main, resources: {}}]}}"),
            "UPDATE v1/Pod v1/Pod",
            "metadata.name",
            "p"),
        row(
            "pods/status",
            api ->
                api.at("v1/pods")
                    .sub("status")
                    .patch("p", "merge-patch", "{status: {reason: Why}}"),
            "UPDATE v1/Pod v1/Pod",
            "status.reason",
            "Why"),
        row(
            "serviceaccounts/token",
            api ->
                api.at("v1/serviceaccounts")
                    .sub("token")
                    .create("default", "spec: {audiences: [a]}"),
            "CREATE authentication.k8s.io/v1/TokenRequest -",
            "metadata.name",
            "default"),
        row(
            "pods/exec",
            api ->
                api.at("v1/pods")
                    .sub("exec")
                    .with("command", "sh")
                    .with("container", "main")
                    .ask(Verb.CREATE, "p", RequestBody.NONE),
            "CONNECT v1/PodExecOptions -",
            "container",
            "main"),
        row(
            "pods/portforward",
            api -> api.at("v1/pods").sub("portforward").ask(Verb.GET, "p", RequestBody.NONE),
            "CONNECT v1/PodPortForwardOptions -",
            "kind",
            "PodPortForwardOptions"),
        row(
            "pods/proxy",
            api ->
                api.at("v1/pods")
                    .sub("proxy")
                    .with("path", "a/b")
                    .ask(Verb.GET, "p", RequestBody.NONE),
            "CONNECT v1/PodProxyOptions -",
            "path",
            "a/b"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("writes")
  void aHookSeesTheBodyOfTheSubresource(
      String resource, Consumer<Api> write, String seen, String path, Object value) {
    server.onReview("/look", request -> OutsideServer.allow());
    hook("validating", resource);
    write.accept(api);
    Obj request = server.last().child("request");
    String old = request.has("oldObject") ? kind(request.child("oldObject")) : "-";
    assertThat(request.text("operation") + " " + kind(request.child("object")) + " " + old)
        .isEqualTo(seen);
    Obj kind = request.child("kind");
    String named =
        (kind.text("group").isEmpty() ? "" : kind.text("group") + "/")
            + kind.text("version")
            + "/"
            + kind.text("kind");
    assertThat(named).isEqualTo(seen.split(" ", -1)[1]);
    assertThat(request.child("requestKind").map()).isEqualTo(kind.map());
    assertThat(request.text("subResource"))
        .isEqualTo(resource.substring(resource.indexOf('/') + 1));
    assertThat(at(request.child("object"), path)).isEqualTo(value);
  }

  private static String kind(Obj object) {
    return object.text("apiVersion") + "/" + object.text("kind");
  }

  private static Object at(Obj object, String path) {
    Obj at = object;
    String[] steps = path.split("\\.", -1);
    for (int i = 0; i < steps.length - 1; i++) {
      at = at.child(steps[i]);
    }
    return String.valueOf(at.get(steps[steps.length - 1])).matches("\\d+")
        ? at.number(steps[steps.length - 1], 0)
        : String.valueOf(at.get(steps[steps.length - 1]));
  }

  @Test
  void aMutatingHookChangesAScale() {
    server.onReview(
        "/look",
        request ->
            OutsideServer.patch(
                "[{\"op\": \"replace\", \"path\": \"/spec/replicas\", \"value\": 3}]"));
    hook("mutating", "deployments/scale");
    api.at("apps/v1/deployments").sub("scale").patch("d", "merge-patch", "{spec: {replicas: 9}}");
    assertThat(api.at("apps/v1/deployments").get("d").child("spec").number("replicas", 0))
        .isEqualTo(3);
  }

  @Test
  void aMutatingHookChangesABinding() {
    server.onReview(
        "/look",
        request ->
            OutsideServer.patch(
                "[{\"op\": \"replace\", \"path\": \"/target/name\", \"value\": \"other\"}]"));
    hook("mutating", "pods/binding");
    api.at("v1/pods").sub("binding").create("p", "target: {kind: Node, name: n}");
    assertThat(api.at("v1/pods").get("p").child("spec").text("nodeName")).isEqualTo("other");
  }

  @Test
  void aPolicyDecidesAboutScales() {
    api.at(POLICIES + "validatingadmissionpolicies")
        .create(
            """
            metadata: {name: p}
            spec:
              matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [deployments/scale]}]}
              validations:
              - expression: request.kind.kind == 'Scale' && object.spec.replicas <= oldObject.spec.replicas + 2
                message: too fast
            """);
    api.at(POLICIES + "validatingadmissionpolicybindings")
        .create("{metadata: {name: b}, spec: {policyName: p, validationActions: [Deny]}}");
    Api.Place scale = api.at("apps/v1/deployments").sub("scale");
    scale.patch("d", "merge-patch", "{spec: {replicas: 4}}");
    assertThatThrownBy(() -> scale.patch("d", "merge-patch", "{spec: {replicas: 9}}"))
        .hasMessageContaining("too fast");
  }
}
