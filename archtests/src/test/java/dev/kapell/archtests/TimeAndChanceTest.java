package dev.kapell.archtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class TimeAndChanceTest {

  @Test
  void nobodyButBaseReadsTheClockOrSleeps() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.kapell.base..", "dev.kapell.bench..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .callMethod(OffsetDateTime.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .because(
            "a control plane has to run under virtual time. Repair: take a dev.kapell.base.Clock in the constructor and use"
                + " now(), nanoTime(), sleep() or schedule()")
        .check(House.classes());
  }

  @Test
  void nobodyButBaseThrowsDice() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.kapell.base..", "dev.kapell.bench..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Random.class, ThreadLocalRandom.class)
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .because(
            "a run has to repeat itself from its seed. Repair: take a dev.kapell.base.Randomness in the constructor")
        .check(House.classes());
  }

  @Test
  void nobodyKeepsStateInThreads() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ThreadLocal.class)
        .because("virtual threads come by the thousand. Repair: pass the value as an argument")
        .check(House.classes());
  }

  @Test
  void onlyMainEndsTheProcess() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .because("ten clusters can live in one JVM. Repair: throw, and let main decide")
        .check(House.classes());
  }
}
