package dev.kapell.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditorTest {
  @TempDir private Path folder;

  static AuditEvent event(String id, Map<String, String> annotations) {
    Asked asked =
        new Asked(
            id,
            Instant.EPOCH,
            "/version",
            "get",
            Optional.empty(),
            new User("eve", "", List.of(), Map.of()),
            List.of(),
            "");
    return new AuditEvent(
        asked,
        Stage.RESPONSE_COMPLETE,
        Instant.EPOCH,
        new Policy.Decision(Level.METADATA, Set.of(), false),
        Optional.empty(),
        200,
        Optional.empty(),
        RequestBody.NONE,
        new byte[0],
        new byte[0],
        annotations);
  }

  @Test
  @SuppressWarnings("NullAway") // the mistake that is tried
  void anEventThatCannotBeWrittenDoesNotKeepTheNextFromIt() throws Exception {
    Map<String, String> broken = new HashMap<>();
    broken.put(null, "a mistake");
    Path log = folder.resolve("audit.log");
    Meters meters = new Meters();
    try (Auditor auditor = new Auditor(AuditOptions.to(log), Clock.system(), meters)) {
      auditor.write(event("lost", broken));
      auditor.write(event("next", Map.of()));
    }
    assertThat(Files.readAllLines(log)).singleElement().asString().contains("\"auditID\":\"next\"");
  }
}
