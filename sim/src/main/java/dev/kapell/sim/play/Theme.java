package dev.kapell.sim.play;

import dev.kapell.base.Randomness;
import java.time.Duration;
import java.util.List;

/** What a world is about. */
enum Theme {
  /** The usual workloads and nothing else. */
  USUAL,
  /** Gangs, and queues that share the cluster. */
  BATCH,
  /** More important pods take the place of less important ones. */
  PRIORITIES,
  /** Claims and volumes. */
  VOLUMES,
  /** Load that comes and goes. */
  SCALING,
  /** CronJobs. */
  SCHEDULES,
  /** Namespaces that are deleted with all that is in them. */
  NAMESPACES,
  /** Two managers, of which one leads. */
  LEADERS,
  /** Devices, and claims of them. */
  DEVICES;

  private static final List<Theme> OTHERS =
      List.of(BATCH, PRIORITIES, VOLUMES, SCALING, SCHEDULES, NAMESPACES, LEADERS, DEVICES);

  /** Half of all worlds are about nothing special. */
  static Theme of(Randomness chance) {
    return chance.nextInt(2) == 0 ? USUAL : OTHERS.get(chance.nextInt(OTHERS.size()));
  }

  boolean hasUsualWorkloads() {
    return equals(USUAL) || equals(LEADERS);
  }

  int managers() {
    return equals(LEADERS) ? 2 : 1;
  }

  void draw(Sketch sketch) {
    switch (this) {
      case USUAL -> {}
      case BATCH -> BatchTheme.draw(sketch);
      case PRIORITIES -> PriorityTheme.draw(sketch);
      case VOLUMES -> VolumeTheme.draw(sketch);
      case SCALING -> ScalingTheme.draw(sketch);
      case SCHEDULES -> ScheduleTheme.draw(sketch);
      case NAMESPACES -> NamespaceTheme.draw(sketch);
      case LEADERS -> cutLeaders(sketch);
      case DEVICES -> DeviceTheme.draw(sketch);
    }
  }

  private static void cutLeaders(Sketch sketch) {
    int cuts = sketch.between(1, 3);
    for (int i = 0; i < cuts; i++) {
      Duration lasts = Duration.ofSeconds(sketch.between(2, 60));
      sketch.add(sketch.below(Sketch.SPAN_SECONDS), new Act.LeaderCut(lasts));
    }
  }
}
