package dev.kapell.sim.node;

import dev.kapell.api.core.v1.Container;
import dev.kapell.host.runtime.ContainerSpec;
import dev.kapell.host.runtime.SimulatedProgram;
import java.time.Duration;
import java.util.Optional;

/**
 * What a container does by itself. Pure.
 *
 * @param lasts until it ends; negative: it never does
 * @param exitCode when it ends
 */
record Program(Duration lasts, int exitCode) {
  static final Program ENDLESS = new Program(Duration.ofSeconds(-1), 0);
  static final Program DONE = new Program(Duration.ZERO, 0);

  private static final SimulatedProgram SHELL = SimulatedProgram.shell();

  boolean isEndless() {
    return lasts.isNegative();
  }

  /** What a container's command says; empty where it says nothing that ends. */
  static Optional<Program> written(Container container) {
    if (container.command().isEmpty() && container.args().isEmpty()) {
      return Optional.empty();
    }
    SimulatedProgram.Course course =
        SHELL.start(
            ContainerSpec.builder(container.nameOr(""), 0, container.imageOr(""))
                .command(container.command(), container.args())
                .build());
    return Optional.ofNullable(course.lasts()).map(lasts -> new Program(lasts, course.exitCode()));
  }
}
