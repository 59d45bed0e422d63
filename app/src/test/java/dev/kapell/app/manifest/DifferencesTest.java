package dev.kapell.app.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferencesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "nothing",
      value = {
        "{'spec':{'replicas':2}} | {'spec':{'replicas':5}} | spec.replicas: 2 -> 5",
        "{'a':1} | {'a':1} | nothing",
        "{'a':[1,2]} | {'a':[1]} | a[1]: 2 -> (none)",
        "{} | {'a':{}} | nothing",
        "{} | {'a':{'b':'c'}} | a: (none) -> {\"b\":\"c\"}",
        "{'metadata':{'resourceVersion':'1'}} | {'metadata':{'resourceVersion':'2'}} | nothing",
        "{'metadata':{'labels':{'x/y':'1'}}} | {'metadata':{'labels':{'x/y':'2'}}} |"
            + " metadata.labels[x/y]: 1 -> 2",
        "{'status':{'ready':1}} | {'status':{'ready':2}} | nothing"
      })
  void areNamedByTheirFields(String before, String after, String line) {
    assertThat(Differences.between(tree(before), tree(after)))
        .isEqualTo(line == null ? java.util.List.of() : java.util.List.of(line));
  }

  private static Map<String, Object> tree(String json) {
    return Tree.map(
        JsonCodec.readTree(json.strip().replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }
}
