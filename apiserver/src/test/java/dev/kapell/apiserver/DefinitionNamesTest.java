package dev.kapell.apiserver;

import static dev.kapell.apiserver.VerbsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.tree.Obj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which names of custom kinds are accepted, and what definitions say of it. */
class DefinitionNamesTest {
  private final Api api = new Api();
  private final Api.Place definitions = api.at("apiextensions.k8s.io/v1/customresourcedefinitions");

  @AfterEach
  void close() {
    api.close();
  }

  private static String definition(String plural, String names) {
    return """
    metadata: {name: %1$s.example.com}
    spec:
      group: example.com
      scope: Cluster
      names: {plural: %1$s, %2$s}
      versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
    """
        .formatted(plural, names);
  }

  /** Waits until the condition is as said: {@code True NoConflicts}. */
  private Obj awaitCondition(String plural, String type, String statusAndReason)
      throws InterruptedException {
    String name = plural + ".example.com";
    DefinitionChanges.await(
        api, () -> condition(definitions.get(name), type).startsWith(statusAndReason));
    return definitions.get(name);
  }

  private static String condition(Obj definition, String type) {
    return definition.child("status").items("conditions").stream()
        .filter(each -> each.text("type").equals(type))
        .map(
            each ->
                String.join(" ", each.text("status"), each.text("reason"), each.text("message")))
        .findFirst()
        .orElse("");
  }

  private boolean isServed(String plural) {
    return api.core.pipeline().catalog().find("example.com", "v1", plural).isPresent();
  }

  @Test
  void namesThatAreTakenAreRefusedUntilTheyAreFree() throws InterruptedException {
    definitions.create(definition("cats", "kind: Cat, shortNames: [c]"));
    Obj cats = awaitCondition("cats", "Established", "True InitialNamesAccepted");
    assertThat(condition(cats, "NamesAccepted")).isEqualTo("True NoConflicts no conflicts found");
    assertThat(cats.child("status").child("acceptedNames").texts("shortNames"))
        .containsExactly("c");
    definitions.create(definition("cows", "kind: Cow, shortNames: [c]"));
    Obj cows = awaitCondition("cows", "NamesAccepted", "False ShortNamesConflict");
    assertThat(condition(cows, "NamesAccepted")).endsWith("\"c\" is already in use");
    assertThat(condition(cows, "Established"))
        .isEqualTo("False NotAccepted not all names are accepted");
    assertThat(isServed("cows")).isFalse();
    definitions.delete("cats.example.com");
    awaitCondition("cows", "Established", "True InitialNamesAccepted");
    assertThat(isServed("cows")).isTrue();
  }

  @Test
  void everyKindOfNameCanBeTaken() throws InterruptedException {
    definitions.create(definition("cats", "kind: Cat, singular: cat, listKind: CatList"));
    awaitCondition("cats", "Established", "True");
    definitions.create(definition("as", "kind: Cat, singular: a, listKind: AList"));
    awaitCondition("as", "NamesAccepted", "False KindConflict");
    definitions.create(definition("bs", "kind: B, singular: cat"));
    awaitCondition("bs", "NamesAccepted", "False SingularConflict");
    definitions.create(definition("ds", "kind: D, listKind: CatList"));
    awaitCondition("ds", "NamesAccepted", "False ListKindConflict");
    definitions.create(definition("cat", "kind: E"));
    awaitCondition("cat", "NamesAccepted", "False PluralConflict");
  }

  @Test
  void aNameThatIsAskedForLaterAndTakenLeavesTheOthersServed() throws InterruptedException {
    definitions.create(definition("cats", "kind: Cat, shortNames: [c]"));
    definitions.create(definition("dogs", "kind: Dog, shortNames: [d]"));
    awaitCondition("cats", "Established", "True");
    awaitCondition("dogs", "Established", "True");
    definitions.patch(
        "dogs.example.com", "merge-patch", "{spec: {names: {shortNames: [c], singular: hound}}}");
    Obj dogs = awaitCondition("dogs", "NamesAccepted", "False ShortNamesConflict");
    assertThat(condition(dogs, "Established")).startsWith("True");
    Obj accepted = dogs.child("status").child("acceptedNames");
    assertThat(accepted.texts("shortNames")).containsExactly("d");
    assertThat(accepted.text("singular")).isEqualTo("hound");
    definitions.patch("cats.example.com", "merge-patch", "{spec: {names: {shortNames: null}}}");
    awaitCondition("dogs", "NamesAccepted", "True");
    assertThat(api.core.pipeline().catalog().find("example.com", "v1", "dogs"))
        .hasValueSatisfying(row -> assertThat(row.shortNames()).containsExactly("c"));
  }

  @Test
  void nothingIsCreatedWhileTheDefinitionGoes() throws InterruptedException {
    definitions.create(definition("cats", "kind: Cat"));
    awaitCondition("cats", "Established", "True");
    Api.Place cats = api.at("example.com/v1/cats");
    cats.create("metadata: {name: tom, finalizers: [example.com/wait]}");
    definitions.delete("cats.example.com");
    awaitCondition("cats", "Terminating", "True InstanceDeletionInProgress");
    DefinitionChanges.await(api, () -> cats.get("tom").child("metadata").has("deletionTimestamp"));
    refused(405, "MethodNotAllowed", () -> cats.create("metadata: {name: kit}"))
        .hasMessageContaining("create not allowed while custom resource definition is terminating");
    cats.patch("tom", "merge-patch", "{metadata: {finalizers: null}}");
    DefinitionChanges.await(api, () -> definitions.find("cats.example.com").isEmpty());
    DefinitionChanges.await(api, () -> !isServed("cats"));
  }

  @Test
  void aBuiltInKindIsNotReplaced() throws InterruptedException {
    definitions.create(
        """
        metadata:
          name: storageclasses.storage.k8s.io
          annotations: {api-approved.kubernetes.io: unapproved}
        spec:
          group: storage.k8s.io
          scope: Cluster
          names: {plural: storageclasses, kind: StorageClass}
          versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
        """);
    DefinitionChanges.await(
        api,
        () ->
            condition(
                    definitions.get("storageclasses.storage.k8s.io"),
                    "KubernetesAPIApprovalPolicyConformant")
                .startsWith("False UnapprovedAnnotation"));
    assertThat(api.core.pipeline().catalog().find("storage.k8s.io", "v1", "storageclasses"))
        .hasValueSatisfying(row -> assertThat(row.type()).isPresent());
  }

  @Test
  void groupsOfTheProjectNeedAnApproval() {
    String body = definition("cats", "kind: Cat").replace("example.com", "cats.k8s.io");
    refused(422, "Invalid", () -> definitions.create(body))
        .hasMessageContaining(
            "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must"
                + " have approval annotation");
  }
}
