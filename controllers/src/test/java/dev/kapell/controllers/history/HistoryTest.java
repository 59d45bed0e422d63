package dev.kapell.controllers.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final PodTemplateSpec TEMPLATE =
      PodTemplateSpec.builder()
          .metadata(ObjectMeta.builder().labels(Map.of("a", "b")).build())
          .spec(PodSpec.builder().dnsPolicy("Default").build())
          .build();

  private static ControllerRevision recorded() {
    DaemonSet owner =
        DaemonSet.builder()
            .metadata(ObjectMeta.builder().name("d").namespace("n").uid("u").build())
            .build();
    List<Change> changes = new History(owner, List.of()).record(TEMPLATE, "h", Map.of());
    assertThat(changes).singleElement().isInstanceOf(Change.Create.class);
    return (ControllerRevision) ((Change.Create<?>) changes.getFirst()).object();
  }

  @Test
  void aRevisionHasTheBytesThatGoClientsCompare() {
    String json =
        new String(JsonCodec.encode(ControllerRevision.CODEC, recorded()), StandardCharsets.UTF_8);

    assertThat(json)
        .contains(
            "\"data\":{\"spec\":{\"template\":{\"$patch\":\"replace\",\"metadata\":"
                + "{\"creationTimestamp\":null,\"labels\":{\"a\":\"b\"}},"
                + "\"spec\":{\"containers\":[],\"dnsPolicy\":\"Default\"}}}}");
  }

  @Test
  void aRevisionGivesItsTemplateBack() {
    assertThat(History.template(recorded())).contains(TEMPLATE);
  }
}
