package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What definitions of custom resources are refused for, from {@code definition-cases.txt}. */
class DefinitionCasesTest {
  private final Api api = new Api();
  private final Api.Place definitions = api.at("apiextensions.k8s.io/v1/customresourcedefinitions");

  @AfterEach
  void close() {
    api.close();
  }

  static Stream<Arguments> cases() throws IOException {
    return KindCasesTest.read("definition-cases.txt", 3);
  }

  private static String definition(String names, String version, String schema) {
    return """
    metadata: {name: things.example.com}
    spec:
      group: example.com
      scope: Cluster
      names: {%s}
      versions: [{name: v1, served: true, storage: true%s, schema: {openAPIV3Schema: %s}}]
    """
        .formatted(names, version.isEmpty() ? "" : ", " + version, schema);
  }

  private static String definition(String place, String part) {
    String names = "plural: things, kind: Thing";
    String schema =
        "{type: object, properties: {spec: {type: object, properties: {a: {type: string}}}}}";
    return switch (place) {
      case "schema" -> definition(names, "", part);
      case "spec" -> definition(names, "", "{type: object, properties: {spec: " + part + "}}");
      case "version" -> definition(names, part, schema);
      case "names" -> definition(part, "", schema);
      default -> throw new IllegalArgumentException(place);
    };
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDefinitionIsRefusedByField(String place, String part, String message) {
    String definition = definition(place, part);
    if (message.equals("ok")) {
      assertThat(definitions.create(definition).child("metadata").text("uid")).isNotEmpty();
      return;
    }
    assertThatThrownBy(() -> definitions.create(definition))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFormatThatNobodyChecksIsWarnedOfOnce() {
    var body = Api.yaml(definition("spec", "{type: string, format: nice}"));
    assertThat(definitions.raw(Verb.CREATE, "", body).warnings())
        .containsExactly("unrecognized format \"nice\"");
    Obj changed =
        definitions.patch(
            "things.example.com", "merge-patch", "{spec: {names: {shortNames: [th]}}}");
    assertThat(changed.text("kind")).isEqualTo("CustomResourceDefinition");
  }
}
