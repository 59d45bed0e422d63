package dev.kapell.sim.play;

import dev.kapell.api.ApiObject;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import dev.kapell.sim.cluster.Cluster;
import dev.kapell.sim.cluster.Interference;
import dev.kapell.sim.lane.Lane;
import dev.kapell.sim.law.Breach;
import dev.kapell.sim.law.Law;
import dev.kapell.sim.law.Laws;
import dev.kapell.sim.law.Scene;
import dev.kapell.sim.node.Manners;
import dev.kapell.sim.node.Shape;
import dev.kapell.sim.node.SimulatedNodes;
import dev.kapell.sim.story.History;
import dev.kapell.sim.story.Moment;
import dev.kapell.sim.story.Picture;
import dev.kapell.sim.story.Story;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One world, from its first revision to its rest. Plays on the thread that calls it and on no
 * other.
 *
 * <pre>
 *   nodes join ──acts──▶ everything is mended ──quiet for a while──▶ the laws of rest
 *                                             └─never quiet──▶ broken
 * </pre>
 *
 * <p>A breach of a law ends it.
 */
public final class World {
  /** When every world begins. */
  static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

  private static final Duration USUAL_SLACK = Duration.ofSeconds(1);
  private static final Duration QUIET = Duration.ofSeconds(40);
  private static final Duration LOOK = Duration.ofSeconds(10);

  /** The longest waits of the controllers themselves: back-offs of jobs, tolerated taints. */
  private static final Duration UNREST = Duration.ofMinutes(20);

  private static final Duration RENEWAL = Duration.ofSeconds(15);
  private static final int STORY_LINES = 120;

  private final Scenario scenario;
  private final Interference interference;
  private final Lane lane;
  private final Randomness random;
  private final List<Law> laws = Laws.all();
  private final List<Breach> breaches = new ArrayList<>();
  private @Nullable Moment lastWrite;

  private World(Scenario scenario, Interference interference) {
    this.scenario = scenario;
    this.interference = interference;
    this.random = Randomness.seeded(~scenario.seed());
    this.lane = new Lane(ORIGIN, Randomness.seeded(scenario.seed()));
  }

  /** Plays {@code scenario}. */
  public static Report play(Scenario scenario) {
    return play(scenario, Interference.NONE);
  }

  /** Plays {@code scenario} with a bug put in. */
  public static Report play(Scenario scenario, Interference interference) {
    return new World(scenario, interference).play();
  }

  /** The name of a world's node, from 0. */
  static String node(int number) {
    return "node-" + number;
  }

  private Report play() {
    List<Report> report = new ArrayList<>();
    try {
      lane.run(() -> report.add(inLane()));
    } catch (Exception e) {
      throw new IllegalStateException("the world of seed " + scenario.seed() + " fell apart", e);
    }
    return report.getFirst();
  }

  private Report inLane() throws InterruptedException {
    try (Store store = MemoryStore.open(StoreOptions.defaults())) {
      Stage stage = new Stage(store);
      try (stage) {
        stage.perform();
        return stage.report();
      }
    }
  }

  /** Everything of a world that has to be closed. */
  private final class Stage implements AutoCloseable, Scene {
    private final History history;
    private final Cluster cluster;
    private final Caches nodeCaches;
    private final SimulatedNodes nodes;
    private final Fate fate;
    private final People people;
    private final TaskScope user =
        new TaskScope("user", (task, cause) -> breached("Played", task + " ended with " + cause));
    private final List<Thread> acting = new ArrayList<>();

    Stage(Store store) {
      List<Cluster> opened = new ArrayList<>();
      this.history = History.of(store, lane, sources(opened), this::changed);
      this.cluster = Cluster.start(lane, random, store, scenario.managers(), interference);
      opened.add(cluster);
      Client client = cluster.nodeClient();
      this.nodeCaches = new Caches(client, lane);
      this.nodes =
          SimulatedNodes.start(
              new SimulatedNodes.Options(client, nodeCaches, lane, Manners.DEFAULT, RENEWAL, 2),
              shapes());
      this.fate = new Fate(lane, cluster, nodes, random);
      this.people = new People(cluster.client(), lane);
    }

    /** The first revisions are written while the cluster is being opened. */
    private static History.Sources sources(List<Cluster> opened) {
      return new History.Sources() {
        @Override
        public String author(long revision) {
          return opened.isEmpty() ? "start" : opened.getFirst().authors().of(revision);
        }

        @Override
        public <T extends ApiObject> T record(ResourceType<T> type, byte[] stored) {
          return opened.isEmpty()
              ? JsonCodec.decode(type.codec(), stored)
              : opened.getFirst().record(type, stored);
        }
      };
    }

    private List<Shape> shapes() {
      List<Shape> shapes = new ArrayList<>();
      for (int i = 0; i < scenario.nodes(); i++) {
        shapes.add(Shape.of(node(i), "zone-" + i % 2, "2", "4Gi", 20));
      }
      return shapes;
    }

    void perform() throws InterruptedException {
      for (Scenario.Timed timed : scenario.acts()) {
        lane.sleep(timed.at().minus(lane.elapsed()));
        if (!breaches.isEmpty()) {
          return; // what comes after a breach is of no use to anybody
        }
        history.remark(timed.act().toString());
        switch (timed.act()) {
          case Act.Fault fault -> fate.strike(fault, history.picture());
          case Act.SetLoad(String app, int milliCpu) -> cluster.load().set(app, milliCpu);
          case Act.Wish wish ->
              acting.add(
                  user.start(
                      wish instanceof Act.Drain ? "drain" : "wish", () -> people.want(wish)));
        }
      }
      for (Thread thread : acting) {
        thread.join();
      }
      lane.sleep(lastEnd().minus(lane.elapsed()));
      fate.relent();
      history.remark("everything is mended");
      rest();
    }

    private Duration lastEnd() {
      return scenario.acts().stream()
          .map(t -> t.act() instanceof Act.Fault f ? t.at().plus(f.lasts()) : t.at())
          .max(Duration::compareTo)
          .orElse(Duration.ZERO);
    }

    /** Waits until nobody has written for a while and all is as asked for. */
    private void rest() throws InterruptedException {
      Duration end = lane.elapsed().plus(UNREST);
      while (true) {
        lane.sleep(LOOK);
        if (!breaches.isEmpty()) {
          return;
        }
        boolean over = lane.elapsed().compareTo(end) > 0;
        boolean quiet = lane.elapsed().minus(lastWriteAt()).compareTo(QUIET) > 0;
        if (!quiet && !over) {
          continue;
        }
        if (!quiet) {
          breached("Quiet", "after " + UNREST + " of peace: " + lastWrite());
        }
        laws.forEach(law -> law.atRest(this));
        if (over || breaches.isEmpty()) {
          return;
        }
        breaches.clear(); // it may still come right
      }
    }

    private Duration lastWriteAt() {
      return lastWrite == null ? Duration.ZERO : lastWrite.at();
    }

    private String lastWrite() {
      return lastWrite == null ? "" : Story.of(lastWrite);
    }

    private void changed(Moment moment) {
      if (!Story.isHeartbeat(moment)) {
        lastWrite = moment;
      }
      laws.forEach(law -> law.at(moment, this));
    }

    Report report() {
      return new Report(
          scenario,
          breaches,
          history,
          history.count(),
          lane.steps(),
          lane.elapsed(),
          breaches.isEmpty() ? List.of() : Story.of(history, STORY_LINES));
    }

    @Override
    public Picture picture() {
      return history.picture();
    }

    @Override
    public Duration now() {
      return lane.elapsed();
    }

    @Override
    public Duration slack() {
      return Optional.ofNullable(fate).map(Fate::slack).orElse(Duration.ZERO).plus(USUAL_SLACK);
    }

    @Override
    public void broken(Law law, String text) {
      breached(law.title(), text);
    }

    private void breached(String law, String text) {
      breaches.add(new Breach(law, lane.elapsed(), history.count(), text));
    }

    @Override
    public void close() {
      user.close();
      nodes.close();
      nodeCaches.close();
      cluster.close();
      history.close();
    }
  }
}
