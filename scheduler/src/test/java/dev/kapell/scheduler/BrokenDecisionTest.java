package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Event;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Clock;
import dev.kapell.client.ListQuery;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bug in the rules, which only some pods bring to light. */
class BrokenDecisionTest {
  private final AtomicBoolean mended = new AtomicBoolean();
  private final Harness harness =
      new Harness(Clock.system(), options -> options.withProfiles(List.of(profile())));

  @AfterEach
  void close() {
    harness.close();
  }

  private Profile profile() {
    List<Filter> filters = new ArrayList<>(Plugins.standard().filters());
    filters.add(new Bug());
    Plugins plugins = new Plugins(filters, Plugins.standard().scores());
    return new Profile(
        Profile.DEFAULT_NAME, plugins, 0, Optional.of(Profile.PreemptionArguments.DEFAULT));
  }

  private final class Bug implements Filter {
    @Override
    public String name() {
      return "Bug";
    }

    @Override
    public Check prepare(Demand demand, View view) {
      if (demand.labels().containsKey("odd") && !mended.get()) {
        throw new IllegalStateException("nobody thought of odd pods");
      }
      return Check.PASS;
    }

    @Override
    public boolean isLocal() {
      return false;
    }

    @Override
    public boolean isHelpedByPreemption() {
      return false;
    }

    @Override
    public boolean isHelpedBy(dev.kapell.scheduler.plugin.Event event, Demand demand, View view) {
      return false;
    }
  }

  @Test
  void aBugIsToldOnThePodAndTheOthersGoOn() throws Exception {
    harness.node("a", "4", n -> n);
    Pod odd = Harness.pod("odd", "100m");
    harness.create(odd.withMetadata(odd.metadata().withLabels(Map.of("odd", "yes"))));
    String message =
        "the scheduler failed on this pod: java.lang.IllegalStateException: nobody thought of odd"
            + " pods; it is tried again after a back-off";
    Harness.await("it is told", () -> harness.explanation("odd").equals(message));
    assertThat(harness.get("odd").status().conditions())
        .extracting(condition -> condition.reasonOr(""))
        .containsExactly("SchedulerError");
    Harness.await(
        "it is told in an event",
        () ->
            harness.client.list(Types.CORE_EVENT, ListQuery.in("default")).items().stream()
                .map(Event::message)
                .anyMatch(message::equals));

    harness.create(Harness.pod("plain", "100m"));
    Harness.await("others go on", () -> harness.nodeOf("plain").equals("a"));

    mended.set(true);
    Harness.await("it is tried again", () -> harness.nodeOf("odd").equals("a"));
  }
}
