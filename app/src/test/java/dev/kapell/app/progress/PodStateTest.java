package dev.kapell.app.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.tree.Tree;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodStateTest {
  private static PodState of(String spec, String status) {
    String json =
        "{'metadata':{'name':'p'},'spec':{'nodeName':'n',%s},'status':{%s}}"
            .formatted(spec, status);
    return PodState.of(
        Tree.map(JsonCodec.readTree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          'initContainers':[{'name':'i'}] | 'initContainerStatuses':[{'name':'i','state':{'running':{}}}] | init container i | false
          'initContainers':[{'name':'s','restartPolicy':'Always'}] | 'initContainerStatuses':[{'name':'s','started':false,'state':{'running':{}}}] | s to start | false
          'initContainers':[{'name':'s','restartPolicy':'Always'}] | 'initContainerStatuses':[{'name':'s','started':true,'state':{'running':{}}}],'containerStatuses':[{'name':'c','ready':false,'state':{'running':{}}}] | c to become ready | false
          'initContainers':[{'name':'s','restartPolicy':'Always'}] | 'initContainerStatuses':[{'name':'s','started':true,'state':{'running':{}}}],'containerStatuses':[{'name':'c','state':{'waiting':{'reason':'CrashLoopBackOff'}}}] | c: CrashLoopBackOff | true
          'x':1 | 'phase':'Failed','message':'why' | failed: why | true
          """)
  void tellsWhatAPodWaitsForAndWhetherWaitingHelps(
      String spec, String status, String waitsFor, boolean stuck) {
    PodState state = of(spec, status);
    assertThat(state.waitingFor()).isEqualTo(waitsFor);
    assertThat(state.stuck()).isEqualTo(stuck);
  }
}
