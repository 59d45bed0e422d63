package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.authentication.TokenAuthenticator;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.authorization.RoleCache;
import dev.kapell.apiserver.computed.Computed;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reviews are stored nowhere, and pass admission like everything that is. */
class ReviewAdmissionTest {
  private static final String POLICIES = "admissionregistration.k8s.io/v1/";

  @TempDir static Path keys;

  private final Api api = new Api();
  private final RoleCache roles = new RoleCache(api.core.client(User.SYSTEM, "test"), api.clock);
  private final Computed reviews =
      api.core.reviews(
          new TokenAuthenticator(List.of(), api.clock),
          new Authorizer(
              roles,
              List.of(
                  (user, action) ->
                      user.name().equals("ann") ? Decision.allow("") : Decision.noOpinion(""))));
  private OutsideServer server;

  @BeforeEach
  void serve() throws IOException {
    server = new OutsideServer(keys);
  }

  @AfterEach
  void close() {
    server.close();
    roles.close();
    api.close();
  }

  private Obj ask(String group, String plural, String namespace, String yaml)
      throws InterruptedException {
    Target target = new Target(group, "v1", plural, namespace, "", "");
    ApiRequest request =
        new ApiRequest(
            Verb.CREATE, target, User.SYSTEM, RequestOptions.parse(Map.of()), Api.yaml(yaml));
    return Api.parse(((Answer.Single) reviews.handle(request)).json());
  }

  private Obj access(String user) throws InterruptedException {
    String asking = "spec: {user: " + user + ", resourceAttributes: {verb: get, resource: pods}}";
    return ask("authorization.k8s.io", "subjectaccessreviews", "", asking);
  }

  private void hook(String kind, String resources) {
    api.at(POLICIES + kind + "webhookconfigurations")
        .create(
            """
            metadata: {name: look}
            webhooks:
            - name: look.kapell.test
              clientConfig: %s
              sideEffects: None
              admissionReviewVersions: [v1]
              rules: [{operations: [CREATE], apiGroups: ['*'], apiVersions: ['*'], resources: ['%s']}]
            """
                .formatted(server.client("/look"), resources));
  }

  @ParameterizedTest
  @ValueSource(strings = {"subjectaccessreviews", "*", "*/*"})
  void aHookSeesAReviewAndMayRefuseIt(String resources) throws Exception {
    server.onReview("/look", request -> OutsideServer.allow());
    hook("validating", resources);
    assertThat(access("ann").child("status").flag("allowed")).isTrue();
    Obj seen = server.last().child("request");
    assertThat(seen.child("kind").text("kind")).isEqualTo("SubjectAccessReview");
    assertThat(seen.child("resource").text("resource")).isEqualTo("subjectaccessreviews");
    assertThat(seen.child("object").child("spec").text("user")).isEqualTo("ann");
    server.onReview("/look", request -> OutsideServer.deny("nobody asks"));
    assertThatThrownBy(() -> access("ann"))
        .hasMessage("admission webhook \"look.kapell.test\" denied the request: nobody asks");
  }

  @Test
  void aMutatingHookChangesWhatIsAsked() throws Exception {
    server.onReview(
        "/look",
        request ->
            OutsideServer.patch(
                "[{\"op\": \"replace\", \"path\": \"/spec/user\", \"value\": \"ann\"}]"));
    hook("mutating", "subjectaccessreviews");
    Obj review = access("bob");
    assertThat(review.child("spec").text("user")).isEqualTo("ann");
    assertThat(review.child("status").flag("allowed")).isTrue();
  }

  @Test
  void aPolicyDecidesAboutReviews() throws Exception {
    api.at(POLICIES + "validatingadmissionpolicies")
        .create(
            """
            metadata: {name: p}
            spec:
              matchConstraints: {resourceRules: [{apiGroups: [authorization.k8s.io], apiVersions: [v1], operations: [CREATE], resources: [subjectaccessreviews]}]}
              validations: [{expression: "object.spec.user != 'bob'", message: not about bob}]
            """);
    api.at(POLICIES + "validatingadmissionpolicybindings")
        .create("{metadata: {name: b}, spec: {policyName: p, validationActions: [Deny]}}");
    assertThat(access("ann").child("status").flag("allowed")).isTrue();
    assertThatThrownBy(() -> access("bob")).hasMessageContaining("not about bob");
  }

  @Test
  void aLocalReviewMayComeBeforeItsNamespace() throws Exception {
    String asking =
        "spec: {user: ann, resourceAttributes: {namespace: later, verb: get, resource: pods}}";
    Obj review = ask("authorization.k8s.io", "localsubjectaccessreviews", "later", asking);
    assertThat(review.child("status").flag("allowed")).isTrue();
  }
}
