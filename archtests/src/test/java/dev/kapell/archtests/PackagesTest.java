package dev.kapell.archtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PackagesTest {
  private static final Set<String> FORBIDDEN =
      Set.of("impl", "util", "utils", "common", "helper", "helpers", "manager", "misc");

  @Test
  void packagesAreNamedAfterWhatTheyDo() {
    Set<String> violations = new TreeSet<>();
    House.classes()
        .forEach(
            type -> {
              for (String part : type.getPackageName().split("\\.", -1)) {
                if (FORBIDDEN.contains(part)) {
                  violations.add(type.getPackageName());
                }
              }
            });
    assertThat(violations).as("Repair: name the package after the feature").isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> violations = new TreeSet<>();
    House.classes()
        .forEach(
            type -> {
              String name = type.getPackageName();
              if (!House.room(name).isEmpty()
                  && !House.isGenerated(name)
                  && !type.getPackage()
                      .isAnnotatedWith(org.jspecify.annotations.NullMarked.class)) {
                violations.add(name);
              }
            });
    assertThat(violations)
        .as(
            "Repair: add a package-info.java with @NullMarked, the package's job, entry type and owning thread")
        .isEmpty();
  }
}
