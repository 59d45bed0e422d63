package dev.kapell.apiserver;

import static dev.kapell.apiserver.VerbsTest.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.request.Verb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the labels of a namespace do to requests. */
class PodSecurityTest {
  private final Api api = new Api();
  private final Api.Place namespaces = api.at("v1/namespaces");
  private final Api.Place pods = api.at("v1/pods").in("safe");

  private static final String SAFE =
      "metadata: {name: safe, labels: {pod-security.kubernetes.io/enforce: baseline,"
          + " pod-security.kubernetes.io/warn: restricted}}";
  private static final String PRIVILEGED =
      "metadata: {name: p}\n"
          + "spec: {containers: [{name: a, image: i, securityContext: {privileged: true}}]}";

  @AfterEach
  void close() {
    api.close();
  }

  private void account() {
    api.at("v1/serviceaccounts").in("safe").create("metadata: {name: default}");
  }

  @Test
  void podsBeyondTheLevelAreRefused() {
    namespaces.create(SAFE);
    account();
    says(
        403,
        "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": privileged (container"
            + " \"a\" must not set securityContext.privileged=true)",
        () -> pods.create(PRIVILEGED));
  }

  @Test
  void podsWithinTheLevelMayStillBeWarnedOf() {
    namespaces.create(SAFE);
    account();
    assertThat(pods.raw(Verb.CREATE, "", Api.yaml(Api.pod("p"))).warnings())
        .singleElement()
        .asString()
        .startsWith("would violate PodSecurity \"restricted:latest\": allowPrivilegeEscalation");
  }

  @Test
  void workloadsAreWarnedOfButStored() {
    namespaces.create(SAFE);
    var made =
        api.at("apps/v1/deployments")
            .in("safe")
            .raw(Verb.CREATE, "", Api.yaml(Api.deployment("d", 1)));
    assertThat(made.code()).isEqualTo(201);
    assertThat(made.warnings()).singleElement().asString().contains("would violate PodSecurity");
  }

  @Test
  void ephemeralContainersDoNotSlipThrough() {
    namespaces.create(SAFE);
    account();
    pods.create(Api.pod("p"));
    says(
        403,
        "violates PodSecurity",
        () ->
            pods.sub("ephemeralcontainers")
                .patch(
                    "p",
                    "strategic-merge-patch",
                    "spec: {ephemeralContainers: [{name: e, image: i, securityContext: {privileged:"
                        + " true}}]}"));
  }

  @Test
  void aStricterLabelWarnsOfPodsThatAreThere() {
    namespaces.create("metadata: {name: safe}");
    account();
    pods.create(PRIVILEGED);
    pods.create(PRIVILEGED.replace("name: p}", "name: q}"));
    var patched =
        namespaces.raw(
            Verb.PATCH,
            "safe",
            new dev.kapell.apiserver.request.RequestBody(
                Api.yaml("metadata: {labels: {pod-security.kubernetes.io/enforce: baseline}}")
                    .bytes(),
                "application/merge-patch+json"));
    assertThat(patched.warnings())
        .containsExactly(
            "existing pods in namespace \"safe\" violate the new PodSecurity enforce level"
                + " \"baseline:latest\"",
            "p (and 1 other pod): privileged");
  }

  @Test
  void labelsThatCannotBeReadAreRefused() {
    says(
        422,
        "Namespace \"x\" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid"
            + " value: \"Basline\": must be one of privileged, baseline, restricted",
        () ->
            namespaces.create(
                "metadata: {name: x, labels: {pod-security.kubernetes.io/enforce: Basline}}"));
  }
}
