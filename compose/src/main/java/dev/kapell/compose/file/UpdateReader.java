package dev.kapell.compose.file;

import dev.kapell.compose.file.ComposeFile.Restart;
import dev.kapell.compose.file.ComposeFile.Update;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads {@code deploy.update_config}. */
final class UpdateReader {
  private UpdateReader() {}

  /**
   * How a service is updated; empty when it does not say.
   *
   * @param hasVolumes two containers never write to one volume at once, so the old ones go first
   */
  static Optional<Update> read(Section deploy, Restart restart, boolean hasVolumes) {
    if (deploy.find("update_config").isEmpty()) {
      return Optional.empty();
    }
    if (restart != Restart.ALWAYS) {
      throw deploy.refuse(
          "update_config", "needs restart: always; a container that may end is not updated");
    }
    Section section = deploy.section("update_config");
    Update update =
        new Update(
            section.number("parallelism").orElse(1),
            startsFirst(section),
            longer(duration(section, "delay"), duration(section, "monitor")),
            rollsBack(section));
    if (hasVolumes && (section.find("parallelism").isPresent() || update.startFirst())) {
      throw section.refuse(
          update.startFirst() ? "order" : "parallelism",
          "does not go with volumes: all old containers stop before the new ones start");
    }
    section
        .text("max_failure_ratio")
        .filter(ratio -> !ratio.matches("0+(\\.0*)?"))
        .ifPresent(
            ratio -> {
              throw section.refuse(
                  "max_failure_ratio", "other than 0 is not supported: no failure is let pass");
            });
    section.refuseTheRest(Set.of());
    return Optional.of(update);
  }

  private static boolean startsFirst(Section section) {
    String order = section.text("order").orElse("stop-first");
    return switch (order) {
      case "stop-first" -> false;
      case "start-first" -> true;
      default -> throw section.refuse("order", "has to be stop-first or start-first");
    };
  }

  private static boolean rollsBack(Section section) {
    String action = section.text("failure_action").orElse("pause");
    return switch (action) {
      case "pause" -> false;
      case "rollback" -> true;
      case "continue" ->
          throw section.refuse(
              "failure_action", "continue is not supported: write pause or rollback");
      default -> throw section.refuse("failure_action", "has to be pause or rollback");
    };
  }

  private static Duration duration(Section section, String key) {
    return section
        .find(key)
        .map(value -> Durations.parse(section.path(key), value))
        .orElse(Duration.ZERO);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
