package dev.kapell.app.server;

import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.Distribution;
import dev.kapell.control.loop.WorkQueue;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The controllers' work queues, under the names that kube-controller-manager gives them. */
final class QueueMetrics {
  private static final List<String> NAME = List.of("name");

  private final Meters meters;
  private final Supplier<List<ControlLoop<?>>> loops;

  private QueueMetrics(Meters meters, Supplier<List<ControlLoop<?>>> loops) {
    this.meters = meters;
    this.loops = loops;
  }

  static void register(Meters meters, Supplier<List<ControlLoop<?>>> loops) {
    QueueMetrics queues = new QueueMetrics(meters, loops);
    queues.gauge("depth", "Names that wait for a worker.", WorkQueue.Figures::depth);
    queues.gauge(
        "unfinished_work_seconds",
        "How long the present work takes so far, all together.",
        WorkQueue.Figures::unfinishedSeconds);
    queues.gauge(
        "longest_running_processor_seconds",
        "How long the longest of the present work takes so far.",
        WorkQueue.Figures::longestSeconds);
    queues.counted("adds_total", "Names that were added.", WorkQueue.Figures::adds);
    queues.counted("retries_total", "Names that came again.", WorkQueue.Figures::retries);
    queues.distributed(
        "queue_duration_seconds",
        "Seconds that names waited for a worker.",
        loop -> loop.queue().waits());
    queues.distributed(
        "work_duration_seconds",
        "Seconds that the work on a name took.",
        loop -> loop.counters().work());
  }

  private void gauge(String name, String help, ToDoubleFunction<WorkQueue.Figures> figure) {
    meters.gauge("workqueue_" + name, help, NAME, values -> each(values, figure));
  }

  private void counted(String name, String help, ToDoubleFunction<WorkQueue.Figures> figure) {
    meters.counted("workqueue_" + name, help, NAME, values -> each(values, figure));
  }

  private void each(Meters.Values values, ToDoubleFunction<WorkQueue.Figures> figure) {
    for (ControlLoop<?> loop : loops.get()) {
      values.add(figure.applyAsDouble(loop.queue().figures()), loop.name());
    }
  }

  private void distributed(
      String name, String help, Function<ControlLoop<?>, Distribution> distribution) {
    meters.distributed(
        "workqueue_" + name,
        help,
        NAME,
        values -> {
          for (ControlLoop<?> loop : loops.get()) {
            Distribution seen = distribution.apply(loop);
            values.add(seen.boundsSeconds(), seen.counts(), seen.sumSeconds(), loop.name());
          }
        });
  }
}
