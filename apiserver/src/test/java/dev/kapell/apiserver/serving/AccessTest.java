package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Secret;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who somebody is, and what they may, over HTTPS. */
class AccessTest {
  @TempDir static Path keys;
  private static Served served;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    served = new Served(keys);
    client = served.server.client(User.SYSTEM, "test");
    make("/api/v1/namespaces", "{metadata: {name: team}}");
    make("/api/v1/namespaces/team/serviceaccounts", "{metadata: {name: builder}}");
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "{metadata: {name: pod-reader}, rules: [{verbs: [get, list], apiGroups: [''], resources:"
            + " [pods]}]}");
    make(
        "/apis/rbac.authorization.k8s.io/v1/namespaces/team/rolebindings",
        "{metadata: {name: readers}, roleRef: {kind: ClusterRole, apiGroup:"
            + " rbac.authorization.k8s.io, name: pod-reader}, subjects: [{kind: User, name: ann,"
            + " apiGroup: rbac.authorization.k8s.io}, {kind: Group, name:"
            + " 'system:bootstrappers:team', apiGroup: rbac.authorization.k8s.io}]}");
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "{metadata: {name: role-writer}, rules: [{verbs: ['*'], apiGroups:"
            + " [rbac.authorization.k8s.io], resources: [roles, rolebindings, clusterroles]}]}");
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "{metadata: {name: writers}, roleRef: {kind: ClusterRole, apiGroup:"
            + " rbac.authorization.k8s.io, name: role-writer}, subjects: [{kind: User, name: bob,"
            + " apiGroup: rbac.authorization.k8s.io}]}");
    await(
        () ->
            review("{user: ann, resourceAttributes: {namespace: team, verb: get, resource: pods}}")
                .contains("\"allowed\":true"));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static HttpResponse<String> make(String path, String yaml) throws Exception {
    return served.post(path, "application/yaml", yaml);
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private static String review(String spec) {
    try {
      return make(
              "/apis/authorization.k8s.io/v1/subjectaccessreviews",
              "{apiVersion: authorization.k8s.io/v1, kind: SubjectAccessReview, spec: "
                  + spec
                  + "}")
          .body();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{user: ann, resourceAttributes: {namespace: team, verb: get, resource:"
            + " pods}}|\"allowed\":true,\"reason\":\"RBAC: allowed by RoleBinding"
            + " \\\"readers/team\\\" of ClusterRole \\\"pod-reader\\\" to User \\\"ann\\\"\"",
        "{user: ann, resourceAttributes: {namespace: other, verb: get, resource:"
            + " pods}}|\"allowed\":false",
        "{groups: ['system:masters'], nonResourceAttributes: {path: /metrics, verb:"
            + " get}}|\"allowed\":true",
        "{user: 'system:node:n1', groups: ['system:nodes'], resourceAttributes: {verb: list,"
            + " resource: pods, fieldSelector: {requirements: [{key: spec.nodeName, operator: In,"
            + " values: [n1]}]}}}|\"allowed\":true",
        "{user: 'system:node:n1', groups: ['system:nodes'], resourceAttributes: {verb: list,"
            + " resource: pods, fieldSelector: {rawSelector: spec.nodeName=n1}}}|\"allowed\":true",
        "{user: 'system:node:n1', groups: ['system:nodes'], resourceAttributes: {verb: list,"
            + " resource: pods}}|can only list/watch pods with spec.nodeName field selector",
        "{resourceAttributes: {verb: get, resource: pods}}|spec.user: Invalid value: \\\"\\\": at"
            + " least one of user or group must be specified",
        "{user: ann}|exactly one of nonResourceAttributes or resourceAttributes must be specified",
        "{user: ann, resourceAttributes: {verb: get}, nonResourceAttributes: {path: /}}|cannot be"
            + " specified in combination with resourceAttributes",
        "{user: ann, resourceAttributes: {verb: list, resource: pods, labelSelector:"
            + " {}}}|requirements or rawSelector is required",
        "{user: ann, resourceAttributes: {verb: list, labelSelector: {rawSelector: a,"
            + " requirements: [{key: a, operator: Exists}]}}}|spec.resourceAttributes"
            + ".labelSelector.rawSelector: Invalid value: \\\"a\\\": may not specified at the same"
            + " time as requirements",
        "{user: ann, resourceAttributes: {verb: list, labelSelector: {requirements: [{key: a,"
            + " operator: In}]}}}|requirements[0].values: Required value: must be specified when"
            + " `operator` is 'In' or 'NotIn'",
        "{user: ann, resourceAttributes: {verb: list, fieldSelector: {requirements: [{key: a,"
            + " operator: Exists, values: [b]}]}}}|fieldSelector.requirements[0].values: Forbidden:"
            + " may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        "{user: ann, resourceAttributes: {verb: list, fieldSelector: {requirements: [{operator:"
            + " Exists}]}}}|fieldSelector.requirements[0].key: Required value: must be specified",
        "{user: ann, resourceAttributes: {verb: list, labelSelector: {requirements: [{key: a b,"
            + " operator: In, values: ['c d']}]}}}|labelSelector.requirements[0].key: Invalid value:"
            + " \\\"a b\\\"",
        "{user: 'system:node:n1', groups: ['system:nodes'], resourceAttributes: {verb: list,"
            + " resource: pods, fieldSelector: {requirements: [{key: spec.nodeName, operator: In,"
            + " values: [n1]}, {key: x, operator: Newer}]}}}|\"allowed\":true,\"evaluationError\":"
            + "\"spec.resourceAttributes.fieldSelector partially ignored due to parse error\"",
        "{user: 'system:node:n1', groups: ['system:nodes'], resourceAttributes: {verb: list,"
            + " resource: pods, fieldSelector: {requirements: [{key: spec.nodeName, operator: In,"
            + " values: [n1, n2]}]}}}|fieldSelector ignored due to parse error",
        "{user: ann, resourceAttributes: {verb: list, labelSelector: {requirements: [{key: x,"
            + " operator: Newer}]}}}|labelSelector ignored due to parse error",
        "{user: ann, resourceAttributes: {verb: list, labelSelector: {rawSelector: 'a in"
            + " ('}}}|labelSelector ignored due to parse error",
        "{user: 5, resourceAttributes: {verb: list}}|cannot be handled as a SubjectAccessReview",
        "{user: ann, resourceAttributes: []}|cannot be handled as a SubjectAccessReview",
      })
  void reviewsAnswerInEveryForm(String spec, String expected) {
    assertThat(review(spec)).contains(expected);
  }

  @Test
  void aLocalReviewIsAboutItsNamespace() throws Exception {
    String path = "/apis/authorization.k8s.io/v1/namespaces/team/localsubjectaccessreviews";
    String spec =
        "{spec: {user: ann, resourceAttributes: {namespace: %s, verb: get, resource: pods}}}";
    assertThat(make(path, spec.formatted("team")).body()).contains("\"allowed\":true");
    assertThat(make(path, spec.formatted("other")).body())
        .contains("must match metadata.namespace");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "authorization.k8s.io/v1/subjectaccessreviews|{metadata: {name: x}, spec: {user: ann,"
            + " resourceAttributes: {verb: get}}}|422|metadata: Invalid value: {\\\"name\\\":\\\"x\\\"}:"
            + " must be empty",
        "authorization.k8s.io/v1/namespaces/team/localsubjectaccessreviews|{metadata: {namespace:"
            + " team, labels: {a: b}}, spec: {user: ann, resourceAttributes: {namespace: team, verb:"
            + " get}}}|422|must be empty except for namespace",
        "authorization.k8s.io/v1/subjectaccessreviews|{kind: Other, spec: {}}|400|this path takes"
            + " authorization.k8s.io/v1 SubjectAccessReview",
        "authorization.k8s.io/v1/subjectaccessreviews?fieldValidation=Strict|{spec: {user: ann,"
            + " users: [b], resourceAttributes: {verb: get}}}|400|unknown field \\\"spec.users\\\"",
        "authorization.k8s.io/v1/selfsubjectrulesreviews|{spec: {}}|400|no namespace on request",
        "authentication.k8s.io/v1/tokenreviews|{spec: {}}|400|token is required for TokenReview in"
            + " authentication",
        "authentication.k8s.io/v1/tokenreviews|{spec: {token: [a]}}|400|cannot be handled as a"
            + " TokenReview",
        "v1/namespaces/default/serviceaccounts/default/token|{spec: {audiences: a}}|400|cannot be"
            + " handled as a TokenRequest",
      })
  void aReviewIsReadAsStrictlyAsWhatIsStored(String path, String body, int code, String expected)
      throws Exception {
    String root = path.startsWith("v1/") ? "/api/" : "/apis/";
    if (path.contains("serviceaccounts")) {
      make("/api/v1/namespaces/default/serviceaccounts", "{metadata: {name: default}}");
    }
    HttpResponse<String> refused = make(root + path, body);
    assertThat(refused.body()).contains(expected);
    assertThat(refused.statusCode()).isEqualTo(code);
  }

  @Test
  void nobodyGivesAwayMoreThanTheyHave() throws Exception {
    String role =
        "{metadata: {name: r}, rules: [{verbs: [get], apiGroups: [''], resources: [secrets]}]}";
    HttpResponse<String> refused =
        served.send(
            served
                .to("/apis/rbac.authorization.k8s.io/v1/namespaces/team/roles")
                .header("Impersonate-User", "carol")
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(role)));
    assertThat(refused.statusCode()).isEqualTo(403);
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "{metadata: {name: plain-writer}, rules: [{verbs: [create], apiGroups:"
            + " [rbac.authorization.k8s.io], resources: [roles, clusterroles]}]}");
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "{metadata: {name: plain}, roleRef: {kind: ClusterRole, apiGroup:"
            + " rbac.authorization.k8s.io, name: plain-writer}, subjects: [{kind: User, name:"
            + " carol, apiGroup: rbac.authorization.k8s.io}]}");
    await(
        () ->
            review(
                    "{user: carol, resourceAttributes: {verb: create, group:"
                        + " rbac.authorization.k8s.io, resource: clusterroles}}")
                .contains("\"allowed\":true"));
    assertThat(as("carol", "/apis/rbac.authorization.k8s.io/v1/namespaces/team/roles", role).body())
        .contains("is attempting to grant RBAC permissions not currently held:")
        .contains("{APIGroups:[\\\"\\\"], Resources:[\\\"secrets\\\"], Verbs:[\\\"get\\\"]}");
    assertThat(
            as(
                    "carol",
                    "/apis/rbac.authorization.k8s.io/v1/clusterroles",
                    "{metadata: {name: g}, aggregationRule: {clusterRoleSelectors: [{matchLabels:"
                        + " {a: b}}]}, rules: []}")
                .body())
        .contains("must have cluster-admin privileges to use the aggregationRule");
    // bob may escalate: his role has all verbs on roles
    assertThat(
            as("bob", "/apis/rbac.authorization.k8s.io/v1/namespaces/team/roles", role)
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void nobodyBindsARoleThatIsNotThereYet() throws Exception {
    String binding =
        "{metadata: {name: early}, roleRef: {kind: Role, apiGroup: rbac.authorization.k8s.io,"
            + " name: later}, subjects: [{kind: User, name: dora, apiGroup:"
            + " rbac.authorization.k8s.io}]}";
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "{metadata: {name: binder}, rules: [{verbs: [create], apiGroups:"
            + " [rbac.authorization.k8s.io], resources: [rolebindings]}]}");
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "{metadata: {name: binders}, roleRef: {kind: ClusterRole, apiGroup:"
            + " rbac.authorization.k8s.io, name: binder}, subjects: [{kind: User, name: dora,"
            + " apiGroup: rbac.authorization.k8s.io}]}");
    await(
        () ->
            review(
                    "{user: dora, resourceAttributes: {verb: create, group:"
                        + " rbac.authorization.k8s.io, resource: rolebindings}}")
                .contains("\"allowed\":true"));
    HttpResponse<String> refused =
        as("dora", "/apis/rbac.authorization.k8s.io/v1/namespaces/team/rolebindings", binding);
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(refused.body()).contains("roles.rbac.authorization.k8s.io \\\"later\\\" not found");
  }

  private static HttpResponse<String> as(String user, String path, String yaml) throws Exception {
    return served.send(
        served
            .to(path)
            .header("Impersonate-User", user)
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(yaml)));
  }

  @Test
  void impersonationCarriesGroupsExtrasAndUid() throws Exception {
    String body =
        served
            .send(
                served
                    .to("/apis/authentication.k8s.io/v1/selfsubjectreviews")
                    .header("Impersonate-User", "zoe")
                    .header("Impersonate-Group", "dev")
                    .header("Impersonate-Uid", "42")
                    .header("Impersonate-Extra-Scopes", "view")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}")))
            .body();
    assertThat(body)
        .contains("\"username\":\"zoe\"", "\"uid\":\"42\"", "\"dev\"", "\"scopes\":[\"view\"]");
  }

  @Test
  void bootstrapTokensIntroduceNodes() throws Exception {
    String token = "abcdef.0123456789abcdef";
    HttpRequest.Builder who =
        served
            .to("/apis/authentication.k8s.io/v1/selfsubjectreviews")
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    assertThat(served.asNobody(who).statusCode()).isEqualTo(401);
    String secret =
        "{metadata: {name: bootstrap-token-abcdef}, type: bootstrap.kubernetes.io/token,"
            + " stringData: {token-id: abcdef, token-secret: 0123456789abcdef,"
            + " usage-bootstrap-authentication: 'true', auth-extra-groups:"
            + " 'system:bootstrappers:team', expiration: '2999-01-01T00:00:00Z'}}";
    make("/api/v1/namespaces/kube-system/secrets", secret);
    assertThat(served.asNobody(who).body())
        .contains("system:bootstrap:abcdef", "system:bootstrappers:team");
    Secret expired =
        client
            .get(Types.SECRET, new ObjectKey("kube-system", "bootstrap-token-abcdef"))
            .withMetadata(
                dev.kapell.api.meta.v1.ObjectMeta.EMPTY
                    .withNamespace("kube-system")
                    .withName("bootstrap-token-qqqqqq"));
    java.util.Map<String, dev.kapell.api.Bytes> data = new java.util.HashMap<>(expired.data());
    data.put("token-id", dev.kapell.api.Bytes.ofUtf8("qqqqqq"));
    data.put("expiration", dev.kapell.api.Bytes.ofUtf8("2001-01-01T00:00:00Z"));
    client.create(Types.SECRET, expired.withData(data));
    assertThat(
            served
                .asNobody(
                    served.to("/version").header("Authorization", "Bearer qqqqqq.0123456789abcdef"))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void aSecretCanHoldATokenThatDiesWithIt() throws Exception {
    ObjectKey key = new ObjectKey("team", "legacy");
    make(
        "/api/v1/namespaces/team/secrets",
        "{metadata: {name: legacy, annotations: {kubernetes.io/service-account.name: builder}},"
            + " type: kubernetes.io/service-account-token}");
    await(() -> client.get(Types.SECRET, key).data().containsKey("token"));
    Secret filled = client.get(Types.SECRET, key);
    assertThat(filled.data()).containsKeys("ca.crt", "namespace");
    String token = java.util.Objects.requireNonNull(filled.data().get("token")).utf8();
    String question = "{spec: {token: '" + token + "'}}";
    String path = "/apis/authentication.k8s.io/v1/tokenreviews";
    assertThat(make(path, question).body()).contains("system:serviceaccount:team:builder");
    client.delete(Types.SECRET, key, dev.kapell.api.meta.v1.DeleteOptions.EMPTY);
    assertThat(make(path, "{spec: {token: '" + token + "', audiences: [kapell]}}").body())
        .contains("\"authenticated\":false");
  }

  @Test
  void aTokenForAPodNamesItsNodeAndIsExtended() throws Exception {
    make("/api/v1/nodes", "{metadata: {name: n1}}");
    make(
        "/api/v1/namespaces/team/pods",
        "{metadata: {name: p}, spec: {serviceAccountName: builder, nodeName: n1, containers:"
            + " [{name: c, image: i}]}}");
    String uid = client.get(Types.POD, new ObjectKey("team", "p")).metadata().uidOr("");
    String issued =
        make(
                "/api/v1/namespaces/team/serviceaccounts/builder/token",
                "{spec: {expirationSeconds: 3607, boundObjectRef: {kind: Pod, apiVersion: v1, name:"
                    + " p, uid: "
                    + uid
                    + "}}}")
            .body();
    String jwt = issued.replaceAll("(?s).*\"token\":\"([^\"]+)\".*", "$1");
    String claims =
        new String(
            java.util.Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]),
            java.nio.charset.StandardCharsets.UTF_8);
    assertThat(claims).contains("\"warnafter\":", "\"node\":{\"name\":\"n1\"");
    String review =
        make("/apis/authentication.k8s.io/v1/tokenreviews", "{spec: {token: '" + jwt + "'}}")
            .body();
    assertThat(review)
        .contains("\"authenticated\":true", "authentication.kubernetes.io/node-name\":[\"n1\"]");
    assertThat(
            make(
                    "/apis/authentication.k8s.io/v1/tokenreviews",
                    "{spec: {token: '" + jwt + "', audiences: [vault]}}")
                .body())
        .contains("\"authenticated\":false");
  }
}
