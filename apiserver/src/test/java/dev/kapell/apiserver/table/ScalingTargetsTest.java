package dev.kapell.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.tree.Obj;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingTargetsTest {
  private static final String CPU =
      "{'type':'Resource','resource':{'name':'cpu','target':{'averageUtilization':80}}}";
  private static final String QUEUE =
      "{'type':'Pods','pods':{'metric':{'name':'q'},'target':{'averageValue':'10'}}}";
  private static final String SHARED =
      "{'type':'External','external':{'metric':{'name':'q'},'target':{'averageValue':'10'}}}";
  private static final String WHOLE =
      "{'type':'Object','object':{'metric':{'name':'q'},'target':{'value':'10'}}}";

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CPU | [] | cpu: <unknown>/80%",
        "CPU | [{'type':'Resource','resource':{'current':{'averageUtilization':0}}}] | cpu: 0%/80%",
        "CPU | [{'type':'Resource'}] | cpu: <unknown>/80%",
        "QUEUE | [{'type':'Pods','pods':{'current':{'averageValue':'4'}}}] | 4/10",
        "SHARED | [{'type':'External','external':{'current':{'averageValue':'4'}}}] | 4/10 (avg)",
        "WHOLE | [{'type':'Object','object':{'current':{'value':'4'}}}] | 4/10",
        "QUEUE,CPU | [] | <unknown>/10, cpu: <unknown>/80%",
        "QUEUE,CPU,WHOLE,SHARED | [] | <unknown>/10, cpu: <unknown>/80% + 2 more...",
        "'' | [] | <none>",
      })
  void whatIsAimedAtAndMeasured(String metrics, String measured, String expected) {
    String spec =
        metrics
            .replace("''", "")
            .replace("CPU", CPU)
            .replace("QUEUE", QUEUE)
            .replace("SHARED", SHARED)
            .replace("WHOLE", WHOLE);
    String json =
        "{'spec':{'metrics':[" + spec + "]},'status':{'currentMetrics':" + measured + "}}";
    assertThat(
            ScalingTargets.of(
                Obj.root(Wire.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)))))
        .isEqualTo(expected);
  }
}
