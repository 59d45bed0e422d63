package dev.kapell.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.yaml.Yaml;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects, patches and results in YAML's flow form. */
class PatchesTest {
  @ParameterizedTest(name = "{0} + {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{a: 1} | [{op: add, path: /b, value: 2}] | {a: 1, b: 2}",
        "{a: [1, 3]} | [{op: add, path: /a/1, value: 2}] | {a: [1, 2, 3]}",
        "{a: [1]} | [{op: add, path: /a/-, value: 2}] | {a: [1, 2]}",
        "{a: 1, b: 2} | [{op: remove, path: /a}] | {b: 2}",
        "{a: 1} | [{op: replace, path: /a, value: {x: [y]}}] | {a: {x: [y]}}",
        "{a: {b: 1}} | [{op: move, from: /a/b, path: /c}] | {a: {}, c: 1}",
        "{a: {b: 1}} | [{op: copy, from: /a, path: /c}] | {a: {b: 1}, c: {b: 1}}",
        "{a: 1} | [{op: test, path: /a, value: 1}, {op: replace, path: /a, value: 2}] | {a: 2}",
        "{'x/y': 1, 'm~n': 2} | [{op: remove, path: /x~1y}, {op: replace, path: /m~0n, value: 3}] | {'m~n': 3}",
        "{a: 1} | [{op: replace, path: '', value: {b: 2}}] | {b: 2}"
      })
  void jsonPatchChanges(String target, String patch, String result) {
    assertThat(JsonPatch.apply(Yaml.document(target), Yaml.document(patch)))
        .isEqualTo(Yaml.document(result));
  }

  @ParameterizedTest(name = "{0} + {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{a: 1} | [{op: remove, path: /b}] | false",
        "{a: 1} | [{op: replace, path: /b, value: 1}] | false",
        "{a: 1} | [{op: test, path: /a, value: 2}] | false",
        "{a: [1]} | [{op: add, path: /a/5, value: 2}] | false",
        "{a: [1]} | [{op: remove, path: /a/1}] | false",
        "{a: 1} | [{op: add, path: /b/c, value: 2}] | false",
        "{a: 1} | [{op: frob, path: /a}] | true",
        "{a: 1} | [{path: /a}] | true",
        "{a: 1} | [{op: add, path: a, value: 1}] | true",
        "{a: 1} | {op: add, path: /a, value: 1} | true"
      })
  void jsonPatchThatDoesNotFitIsRefused(String target, String patch, boolean malformed) {
    assertThatThrownBy(() -> JsonPatch.apply(Yaml.document(target), Yaml.document(patch)))
        .isInstanceOfSatisfying(
            PatchException.class, e -> assertThat(e.isMalformed()).isEqualTo(malformed));
  }

  @ParameterizedTest(name = "{0} + {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{a: b} | {a: c} | {a: c}", "{a: b} | {b: c} | {a: b, b: c}", "{a: b} | {a: null} | {}",
        "{a: [b]} | {a: c} | {a: c}", "{a: {b: c}} | {a: {b: d, c: null}} | {a: {b: d}}",
            "{a: [{b: c}]} | {a: [1]} | {a: [1]}",
        "{e: null} | {a: 1} | {e: null, a: 1}", "{} | {a: {bb: {ccc: null}}} | {a: {bb: {}}}",
            "[a, b] | [c, d] | [c, d]"
      })
  void mergePatchChanges(String target, String patch, String result) {
    assertThat(MergePatch.apply(Yaml.document(target), Yaml.document(patch)))
        .isEqualTo(Yaml.document(result));
  }

  @ParameterizedTest(name = "{0} + {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // Lists with a merge key
        "{containers: [{name: a, image: x}]} | {containers: [{name: a, image: y}]} | {containers: [{name: a, image: y}]}",
        "{containers: [{name: a, image: x}]} | {containers: [{name: b}]} | {containers: [{name: b}, {name: a, image: x}]}",
        "{containers: [{name: a}, {name: b}]} | {containers: [{name: a, $patch: delete}]} | {containers: [{name: b}]}",
        "{containers: [{name: a, env: [{name: X, value: '1'}]}]} | {containers: [{name: a, env: [{name: Y, value: '2'}]}]} | {containers: [{name: a, env: [{name: Y, value: '2'}, {name: X, value: '1'}]}]}",
        "{containers: [{name: a}]} | {containers: [{$patch: replace}, {name: b}]} | {containers: [{name: b}]}",
        "{containers: [{name: a, ports: [{containerPort: 80}]}]} | {containers: [{name: a, ports: [{containerPort: 80, name: web}]}]} | {containers: [{name: a, ports: [{containerPort: 80, name: web}]}]}",
        // Lists without one are replaced
        "{tolerations: [{key: a}]} | {tolerations: [{key: b}]} | {tolerations: [{key: b}]}",
        "{containers: [{name: a, args: [x]}]} | {containers: [{name: a, args: [y]}]} | {containers: [{name: a, args: [y]}]}",
        // Order
        "{containers: [{name: a}, {name: b}]} | {$setElementOrder/containers: [{name: b}, {name: a}]} | {containers: [{name: b}, {name: a}]}",
        "{containers: [{name: a}, {name: b}]} | {$setElementOrder/containers: [{name: c}, {name: b}], containers: [{name: c}]} | {containers: [{name: c}, {name: a}, {name: b}]}",
        "{containers: [{name: a}, {name: b}]} | {containers: [{name: c}]} | {containers: [{name: c}, {name: a}, {name: b}]}",
        "{containers: [{name: a}, {name: b}]} | {containers: [{name: b}, {name: c}]} | {containers: [{name: a}, {name: b}, {name: c}]}",
        "{containers: [{name: a}, {name: b}]} | {containers: [{name: b}, {name: a}]} | {containers: [{name: b}, {name: a}]}",
        // Maps
        "{nodeSelector: {a: b, c: d}} | {nodeSelector: {a: null, e: f}} | {nodeSelector: {c: d, e: f}}",
        "{nodeSelector: {a: b}} | {nodeSelector: {$patch: replace, c: d}} | {nodeSelector: {c: d}}",
        "{securityContext: {runAsUser: 1}} | {securityContext: {$patch: delete}} | {securityContext: {}}",
        // Union-like fields
        "{volumes: [{name: v, emptyDir: {}}]} | {volumes: [{name: v, $retainKeys: [name, hostPath], hostPath: {path: /x}}]} | {volumes: [{name: v, hostPath: {path: /x}}]}",
        "{restartPolicy: Always} | {restartPolicy: null} | {}"
      })
  void strategicMergePatchChangesAPodSpec(String target, String patch, String result) {
    assertThat(StrategicMergePatch.apply(tree(target), tree(patch), "core.v1.PodSpec"))
        .isEqualTo(tree(result));
  }

  @ParameterizedTest(name = "{0} + {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{finalizers: [a, b]} | {finalizers: [c]} | {finalizers: [c, a, b]}",
        "{finalizers: [a, b]} | {$deleteFromPrimitiveList/finalizers: [a]} | {finalizers: [b]}",
        "{ownerReferences: [{uid: a, name: x}]} | {ownerReferences: [{uid: a, $patch: delete}]} | {ownerReferences: []}"
      })
  void strategicMergePatchChangesMetadata(String target, String patch, String result) {
    assertThat(StrategicMergePatch.apply(tree(target), tree(patch), "meta.v1.ObjectMeta"))
        .isEqualTo(tree(result));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {"{containers: [{image: x}]}", "{containers: [x]}", "{nodeSelector: {$patch: frob}}"})
  void strategicMergePatchWithoutKeyOrWithAnUnknownDirectiveIsRefused(String patch) {
    assertThatThrownBy(
            () ->
                StrategicMergePatch.apply(
                    tree("{containers: [{name: a}]}"), tree(patch), "core.v1.PodSpec"))
        .isInstanceOf(PatchException.class);
  }

  @SuppressWarnings("unchecked") // the texts above are objects
  private static Map<String, @Nullable Object> tree(String yaml) {
    return (Map<String, @Nullable Object>) Objects.requireNonNull(Yaml.document(yaml));
  }
}
