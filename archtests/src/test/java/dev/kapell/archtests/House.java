package dev.kapell.archtests;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The plan of the house (ARCHITECTURE.md) and its classes, read once. */
final class House {
  /** Floors, lowest first. */
  static final List<Set<String>> FLOORS =
      List.of(
          Set.of("base"),
          Set.of("api", "store", "host", "http"),
          Set.of("client", "cel"),
          Set.of("control"),
          Set.of("apiserver", "scheduler", "controllers", "node", "network", "compose"),
          Set.of("foresight"),
          Set.of("sim", "testkit"),
          Set.of("app"));

  private static final Pattern ROOM = Pattern.compile("dev\\.kapell\\.([a-z]+).*");

  /** Records from the published models, and what protobuf's own compiler writes. */
  private static final Pattern GENERATED =
      Pattern.compile(
          "dev\\.kapell\\.(api\\.[a-z]+\\.v\\d[a-z0-9]*|host\\.runtime\\.(cri|containerd))");

  private House() {}

  static JavaClasses classes() {
    return Classes.ALL;
  }

  private static final class Classes {
    static final JavaClasses ALL =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.kapell");
  }

  /** The module that a package belongs to, empty when it is none of ours. */
  static String room(String packageName) {
    Matcher matcher = ROOM.matcher(packageName);
    return matcher.matches() ? matcher.group(1) : "";
  }

  static boolean isGenerated(String packageName) {
    return GENERATED.matcher(packageName).matches();
  }

  static int floor(String room) {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      if (FLOORS.get(floor).contains(room)) {
        return floor;
      }
    }
    throw new IllegalStateException(
        "module " + room + " stands on no floor: add it to House.FLOORS and to ARCHITECTURE.md");
  }

  /** Hand-written packages and what they import, both of one module. */
  static Map<String, Set<String>> packageGraph(String room) {
    Map<String, Set<String>> graph = new TreeMap<>();
    classes().stream()
        .filter(
            type -> room(type.getPackageName()).equals(room) && !isGenerated(type.getPackageName()))
        .forEach(
            type ->
                type.getDirectDependenciesFromSelf()
                    .forEach(
                        dependency -> {
                          String target = dependency.getTargetClass().getPackageName();
                          if (room(target).equals(room)
                              && !isGenerated(target)
                              && !target.equals(type.getPackageName())) {
                            graph
                                .computeIfAbsent(
                                    type.getPackageName(), p -> new java.util.TreeSet<>())
                                .add(target);
                          }
                        }));
    return graph;
  }
}
