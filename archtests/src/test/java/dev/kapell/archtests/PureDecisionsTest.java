package dev.kapell.archtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What {@code decide} and {@code refused} of a planner come to, followed through every method of
 * the house that they call: nothing that reads, writes, waits, throws dice or looks at a clock.
 */
class PureDecisionsTest {
  /** Doors to the world, by the name of their class. */
  private static final Pattern IMPURE =
      Pattern.compile(
          "dev\\.kapell\\.client\\.(Client|Reader|Writer|Watch)"
              + "|dev\\.kapell\\.control\\.(cache|event|lease)\\..*"
              + "|dev\\.kapell\\.control\\.loop\\.(Applier|ControlLoop|LoopContext|WorkQueue)"
              + "|dev\\.kapell\\.base\\.(Clock|Randomness|TaskScope)"
              + "|java\\.io\\.(?!Serializable|UncheckedIO|IOException).*"
              + "|java\\.net\\.(?!URI).*"
              + "|java\\.nio\\.(channels|file)\\..*"
              + "|java\\.lang\\.(System\\$Logger|Thread|ThreadLocal|Process.*)"
              + "|java\\.util\\.concurrent\\.(?!atomic\\.).*");

  private static final Set<String> IMPURE_METHODS =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.System.getLogger",
          "java.lang.Math.random",
          "java.time.Instant.now",
          "java.util.UUID.randomUUID");

  @Test
  void decisionsAreMadeFromWhatWasSeenAndNothingElse() {
    List<JavaMethod> decisions = methods("decide", "refused");
    assertThat(decisions).as("planners of the house").hasSizeGreaterThan(15);
    Set<String> violations = new TreeSet<>();
    decisions.forEach(decision -> violations.addAll(impurities(decision)));
    assertThat(violations)
        .as(
            "a decision is a pure function of what was seen and the time, so that a table tests it and the simulation"
                + " replays it. Repair: read in observe() and carry the value in what was seen; write by adding a"
                + " Change to the plan; take the time from the argument `now`")
        .isEmpty();
  }

  @Test
  void theRuleSeesWhatAnObservationReads() {
    List<String> found = new ArrayList<>();
    for (JavaMethod decision : methods("observe")) {
      found.addAll(impurities(decision));
    }
    assertThat(found)
        .as("observations read caches, so the rule has to find something in them")
        .anyMatch(v -> v.contains("dev.kapell.control.cache"));
  }

  private static List<JavaMethod> methods(String... names) {
    List<JavaMethod> methods = new ArrayList<>();
    for (JavaClass type : House.classes()) {
      if (type.isAssignableTo("dev.kapell.control.loop.Planner") && !type.isInterface()) {
        type.getMethods().stream()
            .filter(m -> Set.of(names).contains(m.getName()))
            .forEach(methods::add);
      }
    }
    return methods;
  }

  private static Set<String> impurities(JavaMethod decision) {
    Set<String> violations = new TreeSet<>();
    Map<JavaCodeUnit, JavaCodeUnit> cameFrom = new HashMap<>();
    Set<JavaCodeUnit> seen = new HashSet<>(Set.of(decision));
    Deque<JavaCodeUnit> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      JavaCodeUnit here = open.poll();
      for (JavaAccess<?> access : here.getAccessesFromSelf()) {
        if (access.getTarget() instanceof CodeUnitAccessTarget target) {
          String owner = target.getOwner().getName();
          String method = owner + "." + target.getName();
          if (IMPURE.matcher(owner).matches() || IMPURE_METHODS.contains(method)) {
            violations.add(road(here, cameFrom) + " calls " + method);
            continue;
          }
          for (JavaCodeUnit next : bodies(target)) {
            if (seen.add(next)) {
              cameFrom.put(next, here);
              open.add(next);
            }
          }
        }
      }
    }
    return violations;
  }

  /** What may run when {@code target} is called: the method itself and those that override it. */
  private static List<JavaCodeUnit> bodies(CodeUnitAccessTarget target) {
    JavaClass owner = target.getOwner();
    List<JavaCodeUnit> bodies = new ArrayList<>();
    if (!owner.getName().startsWith("dev.kapell.") || House.isGenerated(owner.getPackageName())) {
      return bodies;
    }
    target.resolveMember().ifPresent(bodies::add);
    for (JavaClass below : owner.getAllSubclasses()) {
      below.getMethods().stream()
          .filter(m -> m.getName().equals(target.getName()))
          .filter(m -> m.getRawParameterTypes().size() == target.getRawParameterTypes().size())
          .forEach(bodies::add);
    }
    return bodies;
  }

  private static String road(JavaCodeUnit end, Map<JavaCodeUnit, JavaCodeUnit> cameFrom) {
    StringBuilder road = new StringBuilder();
    for (JavaCodeUnit here = end; here != null; here = cameFrom.get(here)) {
      road.insert(0, here.getOwner().getSimpleName() + "." + here.getName() + " → ");
    }
    return road.substring(0, road.length() - " → ".length());
  }
}
