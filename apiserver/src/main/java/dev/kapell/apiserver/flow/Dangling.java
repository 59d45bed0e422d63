package dev.kapell.apiserver.flow;

import dev.kapell.api.Types;
import dev.kapell.api.flowcontrol.v1.FlowSchema;
import dev.kapell.api.flowcontrol.v1.FlowSchemaCondition;
import dev.kapell.api.flowcontrol.v1.FlowSchemaStatus;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes into each flow schema's status whether the level it names is there. A thread of its own
 * writes what was told last.
 */
final class Dangling implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final String TYPE = "Dangling";

  private final Client client;
  private final Clock clock;
  private final AtomicReference<Optional<News>> news = new AtomicReference<>(Optional.empty());
  private final TaskScope scope;
  private final Thread writer;

  private record News(List<FlowSchema> schemas, Set<String> levels) {}

  Dangling(Client client, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.scope =
        new TaskScope(
            "flow-schema-status", (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
    this.writer = scope.start("writer", this::run);
  }

  /** What there is now. */
  void tell(List<FlowSchema> schemas, Set<String> levels) {
    news.set(Optional.of(new News(schemas, levels)));
    LockSupport.unpark(writer);
  }

  private void run() {
    while (!scope.isClosed()) {
      Optional<News> latest = news.getAndSet(Optional.empty());
      if (latest.isEmpty()) {
        LockSupport.park(this);
      } else {
        latest.get().schemas().forEach(schema -> write(schema, latest.get().levels()));
      }
    }
  }

  private void write(FlowSchema schema, Set<String> levels) {
    String level = Classifier.level(schema);
    boolean found = levels.contains(level);
    String status = found ? "False" : "True";
    List<FlowSchemaCondition> others = new ArrayList<>();
    for (FlowSchemaCondition condition : schema.status().conditions()) {
      if (!condition.typeOr("").equals(TYPE)) {
        others.add(condition);
      } else if (condition.statusOr("").equals(status)) {
        return;
      }
    }
    others.add(
        FlowSchemaCondition.builder()
            .type(TYPE)
            .status(status)
            .lastTransitionTime(clock.now())
            .reason(found ? "Found" : "NotFound")
            .message(
                "This FlowSchema references the PriorityLevelConfiguration object named \"%s\" and it %s"
                    .formatted(level, found ? "exists" : "does not exist"))
            .build());
    try {
      client.updateStatus(
          Types.FLOW_SCHEMA,
          schema.withStatus(FlowSchemaStatus.builder().conditions(others).build()));
    } catch (ApiFailure e) {
      // Somebody changed it meanwhile; that change is told to us as well.
      LOG.log(System.Logger.Level.DEBUG, "status of a flow schema not written", e);
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
