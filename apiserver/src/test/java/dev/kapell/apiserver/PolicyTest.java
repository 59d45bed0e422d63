package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.request.Verb;
import dev.kapell.client.ApiFailure;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyTest {
  private static final String GROUP = "admissionregistration.k8s.io/v1/";
  private static final String CONFIG_MAPS =
      "matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: [configmaps]}]}";

  private final Api api = new Api();
  private final Api.Place policies = api.at(GROUP + "validatingadmissionpolicies");
  private final Api.Place bindings = api.at(GROUP + "validatingadmissionpolicybindings");
  private final Api.Place maps = api.at("v1/configmaps");

  @AfterEach
  void close() {
    api.close();
  }

  private void policy(String spec) {
    policies.create("{metadata: {name: p}, spec: {" + CONFIG_MAPS + ", " + spec + "}}");
  }

  private void bind(String more) {
    bindings.create(
        "{metadata: {name: b}, spec: {policyName: p, validationActions: [Deny]" + more + "}}");
  }

  private static Arguments row(String spec, String good, String bad, String why) {
    return Arguments.of(spec, good, bad, why);
  }

  static List<Arguments> rules() {
    return List.of(
        row(
            "validations: [{expression: \"object.data.a == '1'\"}]",
            "data: {a: '1'}",
            "data: {a: '2'}",
            "failed expression: object.data.a == '1'"),
        row(
            "validations: [{expression: \"has(object.data)\", message: needs data, reason: Forbidden}]",
            "data: {a: '1'}",
            "immutable: false",
            "needs data"),
        row(
            "variables: [{name: a, expression: \"object.data.a\"}, {name: n, expression: int(variables.a)}],"
                + " validations: [{expression: variables.n < 5, messageExpression: \"'it is ' + variables.a\"}]",
            "data: {a: '1'}",
            "data: {a: '7'}",
            "it is 7"),
        row(
            "validations: [{expression: \"request.userInfo.username == 'system:kapell' && request.operation == 'CREATE'"
                + " && request.resource.resource == 'configmaps' && request.name != 'bad' && oldObject == null\"}]",
            "data: {}",
            "data: {}",
            "failed expression: request.userInfo.username"),
        row(
            "validations: [{expression: \"namespaceObject.metadata.name == 'default' && object.metadata.name != 'bad'\"}]",
            "data: {}",
            "data: {}",
            "failed expression"),
        row(
            "matchConditions: [{name: only-bad, expression: \"object.metadata.name == 'bad'\"}],"
                + " validations: [{expression: 'false', message: never}]",
            "data: {}",
            "data: {}",
            "never"),
        row(
            "validations: [{expression: \"object.metadata.name != 'bad' || object.data.nope == ''\"}]",
            "data: {x: y}",
            "data: {x: y}",
            "expression 'object.metadata.name != 'bad' || object.data.nope == ''' resulted in error: no such key: nope"),
        row(
            "matchConditions: [{name: broken, expression: \"object.metadata.name != 'bad' ? false : object.data.nope == ''\"}],"
                + " validations: [{expression: 'true'}]",
            "data: {x: y}",
            "data: {x: y}",
            "no such key: nope"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aBoundPolicyDecidesWhatIsStored(String spec, String good, String bad, String why) {
    policy(spec);
    maps.create("{metadata: {name: unbound}, " + bad + "}");
    bind("");
    maps.create("{metadata: {name: good}, " + good + "}");
    assertThatThrownBy(() -> maps.create("{metadata: {name: bad}, " + bad + "}"))
        .isInstanceOf(ApiFailure.class)
        .hasMessageStartingWith(
            "configmaps \"bad\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ")
        .hasMessageContaining(why);
  }

  @Test
  void aReasonBecomesTheCode() {
    policy("validations: [{expression: 'false', reason: Forbidden}]");
    bind("");
    assertThatThrownBy(() -> maps.create("{metadata: {name: a}}"))
        .isInstanceOfSatisfying(ApiFailure.class, e -> assertThat(e.code()).isEqualTo(403));
    policies.patch("p", "merge-patch", "{spec: {validations: [{expression: 'false'}]}}");
    assertThatThrownBy(() -> maps.create("{metadata: {name: a}}"))
        .isInstanceOfSatisfying(ApiFailure.class, e -> assertThat(e.code()).isEqualTo(422));
  }

  @Test
  void anErrorIsIgnoredWhenThePolicySaysSo() {
    policy("failurePolicy: Ignore, validations: [{expression: \"object.data.nope == ''\"}]");
    bind("");
    maps.create("{metadata: {name: a}}");
  }

  @Test
  void aWarningDoesNotRefuse() {
    policy("validations: [{expression: 'false', message: mind}]");
    bindings.create(
        "{metadata: {name: b}, spec: {policyName: p, validationActions: [Warn, Audit]}}");
    assertThat(maps.raw(Verb.CREATE, "", Api.yaml("{metadata: {name: a}}")).warnings())
        .containsExactly(
            "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': mind");
  }

  @Test
  void updatesAndDeletionsSeeWhatWas() {
    policy(
        "validations: [{expression: \"request.operation != 'UPDATE' || object.data.a == oldObject.data.a\", message: fixed},"
            + " {expression: \"request.operation != 'DELETE' || object == null && !has(oldObject.metadata.labels)\", message: kept}]");
    bind("");
    maps.create("{metadata: {name: a, labels: {keep: this}}, data: {a: '1'}}");
    maps.create("{metadata: {name: b}, data: {a: '1'}}");
    assertThatThrownBy(() -> maps.patch("a", "merge-patch", "{data: {a: '2'}}"))
        .hasMessageContaining("fixed");
    assertThatThrownBy(() -> maps.delete("a")).hasMessageContaining("kept");
    maps.delete("b");
  }

  @Test
  void parametersComeFromWhereTheBindingSays() {
    policies.create(
        "{metadata: {name: p}, spec: {"
            + CONFIG_MAPS
            + ", matchConditions: [{name: not-params, expression: \"!has(object.metadata.labels)\"}],"
            + " paramKind: {apiVersion: v1, kind: ConfigMap},"
            + " validations: [{expression: int(object.data.a) <= int(params.data.max), messageExpression: \"'at most ' + params.data.max\"}]}}");
    bind(", paramRef: {name: limit, namespace: default, parameterNotFoundAction: Deny}");
    assertThatThrownBy(() -> maps.create("{metadata: {name: a}, data: {a: '1'}}"))
        .hasMessageContaining(
            "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction");
    bindings.patch("b", "merge-patch", "{spec: {paramRef: {parameterNotFoundAction: Allow}}}");
    maps.create("{metadata: {name: free}, data: {a: '9'}}");
    maps.create("{metadata: {name: limit, labels: {is: limit}}, data: {max: '5'}}");
    maps.create("{metadata: {name: a}, data: {a: '1'}}");
    assertThatThrownBy(() -> maps.create("{metadata: {name: b}, data: {a: '6'}}"))
        .hasMessageContaining("at most 5");
    bindings.delete("b");
    bind(", paramRef: {selector: {matchLabels: {is: limit}}, parameterNotFoundAction: Deny}");
    assertThatThrownBy(() -> maps.create("{metadata: {name: b}, data: {a: '6'}}"))
        .hasMessageContaining("at most 5");
  }

  @Test
  void aBindingNarrowsItsPolicy() {
    policy("validations: [{expression: 'false'}]");
    bind(", matchResources: {namespaceSelector: {matchLabels: {strict: 'yes'}}}");
    maps.create("{metadata: {name: a}}");
    api.at("v1/namespaces")
        .patch("default", "merge-patch", "{metadata: {labels: {strict: 'yes'}}}");
    assertThatThrownBy(() -> maps.create("{metadata: {name: b}}"))
        .hasMessageContaining("denied request");
  }

  static List<Arguments> broken() {
    return List.of(
        Arguments.of(
            "validations: [{expression: 'object.'}]",
            "spec.validations[0].expression: Invalid value",
            "compilation failed: ERROR: <input>:1:"),
        Arguments.of(
            "validations: [{expression: '1'}]",
            "spec.validations[0].expression: Invalid value",
            "must evaluate to bool"),
        Arguments.of(
            "validations: [{expression: params.a}]",
            "spec.validations[0].expression: Invalid value",
            "undeclared reference to 'params'"),
        Arguments.of(
            "validations: [{expression: variables.later}], variables: [{name: now, expression: variables.later}, {name: later, expression: '1'}]",
            "spec.variables[0].expression: Invalid value",
            "undefined field 'later'"),
        Arguments.of(
            "validations: [{expression: 'true', messageExpression: '1'}]",
            "spec.validations[0].messageExpression: Invalid value",
            "must evaluate to string"),
        Arguments.of(
            "validations: [{expression: 'true'}], matchConditions: [{name: a, expression: nope}]",
            "spec.matchConditions[0].expression: Invalid value",
            "undeclared reference to 'nope'"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aPolicyThatDoesNotCompileIsRefused(String spec, String path, String why) {
    assertThatThrownBy(() -> policy(spec))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining(path)
        .hasMessageContaining(why);
  }

  @Test
  void aPolicyIsCheckedAgainstTheTypesItNames() throws InterruptedException {
    Semaphore changed = new Semaphore(0);
    try (var cursor =
        api.store.watch(
            "admissionregistration.k8s.io/validatingadmissionpolicies",
            "",
            api.store.snapshot().revision(),
            changed::release)) {
      policy("validations: [{expression: \"object.data.a == '1' && object.nope == 1\"}]");
      for (int i = 0; i < 50 && !policies.get("p").child("status").has("typeChecking"); i++) {
        cursor.poll(10);
        changed.tryAcquire(100, TimeUnit.MILLISECONDS);
      }
    }
    var status = policies.get("p").child("status");
    assertThat(status.number("observedGeneration", 0)).isEqualTo(1);
    assertThat(status.child("typeChecking").items("expressionWarnings"))
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.text("fieldRef")).isEqualTo("spec.validations[0].expression");
              assertThat(warning.text("warning"))
                  .contains("v1, Kind=ConfigMap: ERROR: <input>:1:31: undefined field 'nope'");
            });
  }

  private void mutate(String spec) {
    api.at(GROUP + "mutatingadmissionpolicies")
        .create(
            "{metadata: {name: m}, spec: {"
                + CONFIG_MAPS
                + ", failurePolicy: Fail, "
                + spec
                + "}}");
    api.at(GROUP + "mutatingadmissionpolicybindings")
        .create("{metadata: {name: mb}, spec: {policyName: m}}");
  }

  @Test
  void aMutatingPolicyAppliesAConfiguration() {
    mutate(
        "reinvocationPolicy: Never, mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression:"
            + " \"Object{metadata: Object.metadata{labels: {'by': object.metadata.name}}, data: {'a': '1'}}\"}}]");
    var made = maps.create("{metadata: {name: a, labels: {own: x}}, data: {b: '2'}}");
    assertThat(made.child("metadata").strings("labels"))
        .containsEntry("by", "a")
        .containsEntry("own", "x");
    assertThat(made.strings("data")).containsEntry("a", "1").containsEntry("b", "2");
  }

  @Test
  void aMutatingPolicyPatches() {
    mutate(
        "reinvocationPolicy: IfNeeded, mutations: [{patchType: JSONPatch, jsonPatch: {expression:"
            + " \"[JSONPatch{op: 'add', path: '/data/' + jsonpatch.escapeKey('a'), value: 'x'},"
            + " JSONPatch{op: 'remove', path: '/data/b'}]\"}}]");
    var made = maps.create("{metadata: {name: a}, data: {b: '2'}}");
    assertThat(made.strings("data")).containsOnlyKeys("a").containsEntry("a", "x");
    assertThatThrownBy(() -> maps.create("{metadata: {name: c}, data: {z: '2'}}"))
        .hasMessageContaining("policy 'm' with binding 'mb' denied request");
  }

  @Test
  void aMutationOfAFieldThatIsNoneIsRefused() {
    mutate(
        "reinvocationPolicy: Never, mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression:"
            + " \"Object{nope: 1}\"}}]");
    assertThatThrownBy(() -> maps.create("{metadata: {name: a}}")).hasMessageContaining("nope");
  }

  private void mutate(String resource, String spec) {
    String group = resource.contains(".") ? resource.substring(resource.indexOf('.') + 1) : "";
    String plural =
        resource.contains(".") ? resource.substring(0, resource.indexOf('.')) : resource;
    api.at(GROUP + "mutatingadmissionpolicies")
        .create(
            """
            metadata: {name: m}
            spec:
              matchConstraints: {resourceRules: [{apiGroups: ['%s'], apiVersions: ['*'], operations: [CREATE], resources: ['%s']}]}
              failurePolicy: Fail
              reinvocationPolicy: Never
              mutations:
              - patchType: ApplyConfiguration
                applyConfiguration:
                  expression: >-
                    %s
            """
                .formatted(group, plural, spec));
    api.at(GROUP + "mutatingadmissionpolicybindings")
        .create("{metadata: {name: mb}, spec: {policyName: m}}");
  }

  @Test
  void aConfigurationMergesListsByTheirKeys() {
    mutate(
        "pods",
        "Object{spec: Object.spec{containers: [Object.spec.containers{name: 'main', env:"
            + " [Object.spec.containers.env{name: 'A', value: 'policy'}]},"
            + " Object.spec.containers{name: 'side', image: 'img:2'}]}}");
    var made =
        api.at("v1/pods")
            .create(
                """
                metadata: {name: p}
                spec: {containers: [{name: main, image: "img:1", env: [{name: B, value: b}]}]}
                """);
    var containers = made.child("spec").items("containers");
    assertThat(containers).extracting(each -> each.text("name")).containsExactly("main", "side");
    assertThat(containers.getFirst().text("image")).isEqualTo("img:1");
    assertThat(containers.getFirst().items("env"))
        .extracting(each -> each.text("name"))
        .containsExactlyInAnyOrder("A", "B");
  }

  static List<Arguments> unfitConfigurations() {
    return List.of(
        Arguments.of(
            "Object{spec: Object.spec{containers: [Object.spec.containers{name: 'main', args: ['x']}]}}",
            "may not mutate atomic arrays, maps or structs: .spec.containers[0].args"),
        Arguments.of(
            "Object{spec: Object.spec{nodeSelector: {'a': 'b'}}}",
            "may not mutate atomic arrays, maps or structs: .spec.nodeSelector"),
        Arguments.of(
            "Object{spec: Object.spec{containers: [Object.spec.wrong{name: 'main'}]}}",
            "unexpected type name \"Object.spec.wrong\", expected \"Object.spec.containers\""),
        Arguments.of(
            "Object{spec: Object.spec{containers: [Object.spec.containers{image: 'i'}]}}",
            "associative list with keys has an element that omits"),
        Arguments.of("Object{spec: Object.spec{nope: 1}}", "field not declared in schema"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("unfitConfigurations")
  void aConfigurationThatDoesNotFitTheKindIsRefused(String expression, String why) {
    mutate("pods", expression);
    assertThatThrownBy(() -> api.at("v1/pods").create(Api.pod("p")))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining(why);
  }

  @Test
  void aConfigurationOfACustomKindMergesAsItsSchemaSays() throws InterruptedException {
    api.at("apiextensions.k8s.io/v1/customresourcedefinitions")
        .create(
            """
            metadata: {name: things.example.com}
            spec:
              group: example.com
              scope: Cluster
              names: {plural: things, kind: Thing}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties:
                          tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                          parts:
                            type: array
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys: [id]
                            items: {type: object, required: [id], properties: {id: {type: string}, size: {type: integer}, color: {type: string}}}
            """);
    DefinitionChanges.await(
        api, () -> api.core.pipeline().catalog().find("example.com", "v1", "things").isPresent());
    mutate(
        "things.example.com",
        "Object{spec: Object.spec{tags: ['b', 'c'], parts: [Object.spec.parts{id: 'x', size: 7},"
            + " Object.spec.parts{id: 'y'}]}}");
    var spec =
        api.at("example.com/v1/things")
            .create("{metadata: {name: t}, spec: {tags: [a, b], parts: [{id: x, color: red}]}}")
            .child("spec");
    assertThat(spec.texts("tags")).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(spec.items("parts")).extracting(each -> each.text("id")).containsExactly("x", "y");
    assertThat(spec.items("parts").getFirst().text("color")).isEqualTo("red");
    assertThat(spec.items("parts").getFirst().number("size", 0)).isEqualTo(7);
  }
}
