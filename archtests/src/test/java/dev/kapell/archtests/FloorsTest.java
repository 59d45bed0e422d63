package dev.kapell.archtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FloorsTest {

  @Test
  void importsGoOnlyDownward() {
    Set<String> violations = new TreeSet<>();
    House.classes()
        .forEach(
            type -> {
              String from = House.room(type.getPackageName());
              type.getDirectDependenciesFromSelf()
                  .forEach(
                      dependency -> {
                        String to = House.room(dependency.getTargetClass().getPackageName());
                        if (!to.isEmpty()
                            && !to.equals(from)
                            && House.floor(to) >= House.floor(from)) {
                          violations.add(
                              type.getName()
                                  + " ("
                                  + from
                                  + ") imports "
                                  + dependency.getTargetClass().getName()
                                  + " ("
                                  + to
                                  + ")");
                        }
                      });
            });
    assertThat(violations)
        .as(
            "imports go only to lower floors (ARCHITECTURE.md). Repair: move what both need to a lower room, or let the"
                + " wiring in app pass it in through an interface that the lower room owns")
        .isEmpty();
  }

  static Stream<String> rooms() {
    return House.FLOORS.stream().flatMap(Set::stream).sorted();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void packagesOfAModuleFormNoCircle(String room) {
    Map<String, Set<String>> graph = House.packageGraph(room);
    assertThat(Circles.in(graph))
        .as(
            "packages of module "
                + room
                + " import each other in a circle. Repair: move the type that both need into the"
                + " lower of the two, or invert the arrow with an interface owned by the lower one")
        .isEmpty();
  }
}
