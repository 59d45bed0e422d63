package dev.kapell.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.cgroup.CgroupLimits;
import dev.kapell.node.plan.QosClass;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourcesTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          {'containers':[{'name':'a'}]} | BestEffort | 2 | 0 | 0
          {'containers':[{'name':'a','resources':{'limits':{'cpu':'1','memory':'1Mi'}}}]} | Guaranteed | 1024 | 100000 | 1048576
          {'containers':[{'name':'a','resources':{'limits':{'cpu':'1'}}},{'name':'b'}]} | Burstable | 1024 | 0 | 0
          {'resources':{'limits':{'cpu':'2','memory':'2Mi'},'requests':{'cpu':'1','memory':'1Mi'}},'containers':[{'name':'a'}]} | Burstable | 1024 | 200000 | 2097152
          {'resources':{'limits':{'cpu':'2','memory':'2Mi'}},'containers':[{'name':'a','resources':{'requests':{'cpu':'1'}}}]} | Guaranteed | 2048 | 200000 | 2097152
          """)
  void aPodsBoundsAreItsOwnOrThoseOfItsContainers(
      String spec, String qos, long shares, long quotaMicros, long memoryBytes) {
    String json = "{\"metadata\":{\"name\":\"p\"},\"spec\":" + spec.replace('\'', '"') + "}";
    Pod pod = JsonCodec.decode(Pod.CODEC, json.getBytes(StandardCharsets.UTF_8));
    assertThat(QosClass.of(pod).apiName()).isEqualTo(qos);
    assertThat(Resources.podLimits(pod, 0))
        .isEqualTo(new CgroupLimits(shares, quotaMicros, 100_000, memoryBytes, 0));
  }
}
