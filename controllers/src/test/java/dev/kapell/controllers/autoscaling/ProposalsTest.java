package dev.kapell.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.autoscaling.v2.ExternalMetricSource;
import dev.kapell.api.autoscaling.v2.MetricIdentifier;
import dev.kapell.api.autoscaling.v2.MetricSpec;
import dev.kapell.api.autoscaling.v2.MetricTarget;
import dev.kapell.api.autoscaling.v2.PodsMetricSource;
import dev.kapell.api.autoscaling.v2.ResourceMetricSource;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import dev.kapell.controllers.world.Make;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProposalsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  /**
   * Each pod asks for 100m; a number is its use in thousandths, and a letter is a pod without one:
   * m is not measured, p is pending, u is measured but was never ready, f has failed.
   */
  @ParameterizedTest(name = "{0} at {1} % with {2} replicas gives {3}: {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "100 100      | 50  | 2 | 4 | twice the target",
        "10 10 10 10  | 50  | 4 | 1 | a fifth of it",
        "50 54        | 50  | 2 | 2 | near enough",
        "50 60        | 50  | 2 | 2 | at the edge of near enough",
        "56 56        | 50  | 2 | 3 | above near enough",
        "44 44        | 50  | 2 | 2 | rounded up to what is there",
        "100 m        | 50  | 2 | 2 | on the way up what is missing uses nothing",
        "300 m        | 50  | 2 | 6 | but the rest may still be too much",
        "10 m         | 50  | 2 | 2 | on the way down what is missing uses all it asked for",
        "10 10 10 m   | 50  | 4 | 3 | and counts as that",
        "100 p        | 50  | 2 | 2 | on the way up what starts uses nothing",
        "10 p         | 50  | 2 | 1 | on the way down what starts does not count",
        "300 u        | 50  | 2 | 6 | what was never ready uses nothing",
        "100 100 f    | 50  | 3 | 4 | what failed does not count",
        "300          | 200 | 1 | 2 | targets above what was asked for",
        "100 m        | 200 | 2 | 2 | are what is assumed of what is missing",
      })
  void aTargetInPercentOfRequests(
      String pods, int target, int wanted, int expected, String because) {
    Proposal proposal = propose(utilization(target), pods, wanted);
    assertThat(proposal).isInstanceOf(Proposal.Replicas.class);
    assertThat(((Proposal.Replicas) proposal).count()).as(because).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} at an average of {1} with {2} replicas gives {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "100 100 | 50m  | 2 | 4",
        "100 m   | 50m  | 2 | 2",
        "20 m    | 50m  | 2 | 2",
        "0 0 0   | 50m  | 3 | 0",
        "49 52   | 50m  | 2 | 2",
      })
  void aTargetForEachPod(String pods, String target, int wanted, int expected) {
    MetricSpec spec =
        MetricSpec.builder()
            .type("Pods")
            .pods(
                PodsMetricSource.builder()
                    .metric(MetricIdentifier.builder().name("packets").build())
                    .target(average(target))
                    .build())
            .build();
    assertThat(propose(spec, pods, wanted))
        .isInstanceOfSatisfying(
            Proposal.Replicas.class, replicas -> assertThat(replicas.count()).isEqualTo(expected));
  }

  @ParameterizedTest(name = "{0} waiting, {1} for each, {2} replicas gives {3}")
  @CsvSource({"100, 10, 4, 10", "41, 10, 4, 4", "0, 10, 4, 0", "7, 10, 0, 1"})
  void aTotalThatPodsShare(long total, long each, int there, int expected) {
    Proposal proposal =
        proposals("1 1 1 1", there)
            .of(external(average("" + each)), new Reading.Total(total * 1000));
    assertThat(proposal)
        .isInstanceOfSatisfying(
            Proposal.Replicas.class, replicas -> assertThat(replicas.count()).isEqualTo(expected));
  }

  @ParameterizedTest(name = "{0} against {1} with {2} replicas gives {3}")
  @CsvSource({"200, 100, 4, 8", "100, 100, 4, 4", "105, 100, 4, 4", "50, 100, 4, 2"})
  void aTotalAgainstATarget(long total, long target, int wanted, int expected) {
    MetricTarget value = MetricTarget.builder().type("Value").value(Quantity.of(target)).build();
    Proposal proposal =
        proposals("1 1 1 1", wanted).of(external(value), new Reading.Total(total * 1000));
    assertThat(proposal)
        .isInstanceOfSatisfying(
            Proposal.Replicas.class,
            replicas -> {
              assertThat(replicas.count()).isEqualTo(expected);
              assertThat(replicas.metric()).isEqualTo("external metric queue(nil)");
            });
  }

  @Test
  void whatIsMissingIsSaidInKubernetesWords() {
    Proposal proposal =
        proposals("1", 1).of(utilization(50), new Reading.Missing("unable to get metrics"));
    assertThat(proposal)
        .isInstanceOfSatisfying(
            Proposal.Unknown.class,
            unknown -> {
              assertThat(unknown.reason()).isEqualTo("FailedGetResourceMetric");
              assertThat(unknown.why())
                  .isEqualTo("failed to get cpu utilization: unable to get metrics");
              assertThat(unknown.noun()).isEqualTo("cpu resource metric value");
            });
    assertThat(whyOf(utilization(50), ""))
        .endsWith("no pods returned by selector while calculating replica count");
    assertThat(whyOf(utilization(50), "m m"))
        .endsWith("did not receive metrics for any ready pods");
  }

  @Test
  void aPodThatAsksForNothingMakesAPercentageMeaningless() {
    Pod pod = pod("p0", "100").withSpec(container(null));
    Proposals proposals = new Proposals(1, 1, List.of(pod), new Tolerance(0.1, 0.1), NOW);
    Reading reading = new Reading.OfPods(Map.of("p0", sample(100)));
    assertThat(proposals.of(utilization(50), reading))
        .isInstanceOfSatisfying(
            Proposal.Unknown.class,
            unknown ->
                assertThat(unknown.why())
                    .endsWith("missing request for cpu in container main of Pod p0"));
  }

  private static String whyOf(MetricSpec spec, String pods) {
    return ((Proposal.Unknown) propose(spec, pods, 1)).why();
  }

  private static Proposal propose(MetricSpec spec, String pods, int wanted) {
    Map<String, Sample> samples = new LinkedHashMap<>();
    List<Pod> all = pods(pods);
    String[] words = pods.strip().split(" +", -1);
    for (int i = 0; i < all.size(); i++) {
      if (words[i].equals("u")) {
        samples.put("p" + i, sample(500));
      } else if (Character.isDigit(words[i].charAt(0))) {
        samples.put("p" + i, sample(Long.parseLong(words[i])));
      }
    }
    return proposals(pods, wanted).of(spec, new Reading.OfPods(samples));
  }

  private static Proposals proposals(String pods, int wanted) {
    return new Proposals(wanted, wanted, pods(pods), new Tolerance(0.1, 0.1), NOW);
  }

  private static List<Pod> pods(String words) {
    List<Pod> pods = new ArrayList<>();
    for (String word : words.strip().split(" +", -1)) {
      if (!word.isEmpty()) {
        pods.add(pod("p" + pods.size(), word));
      }
    }
    return pods;
  }

  private static Pod pod(String name, String word) {
    Pod pod =
        Pod.builder().metadata(Make.meta(name)).spec(container(Quantity.parse("100m"))).build();
    Instant longAgo = NOW.minusSeconds(3600);
    Pod started = pod.withStatus(pod.status().withStartTime(longAgo));
    return switch (word) {
      case "p" -> started.withStatus(started.status().withPhase("Pending"));
      case "f" -> started.withStatus(started.status().withPhase("Failed"));
      case "u" -> Make.unready(started, longAgo.plusSeconds(1));
      default -> Make.ready(started, longAgo.plusSeconds(60));
    };
  }

  private static PodSpec container(@org.jspecify.annotations.Nullable Quantity cpu) {
    Container.Builder main = Container.builder().name("main").image("web:1");
    if (cpu != null) {
      main.resources(ResourceRequirements.builder().requests(Map.of("cpu", cpu)).build());
    }
    return PodSpec.builder().containers(List.of(main.build())).build();
  }

  private static Sample sample(long milli) {
    return new Sample(milli, NOW, Duration.ofSeconds(15));
  }

  private static MetricSpec utilization(int percent) {
    return MetricSpec.builder()
        .type("Resource")
        .resource(
            ResourceMetricSource.builder()
                .name("cpu")
                .target(
                    MetricTarget.builder().type("Utilization").averageUtilization(percent).build())
                .build())
        .build();
  }

  private static MetricTarget average(String quantity) {
    return MetricTarget.builder()
        .type("AverageValue")
        .averageValue(Quantity.parse(quantity))
        .build();
  }

  private static MetricSpec external(MetricTarget target) {
    return MetricSpec.builder()
        .type("External")
        .external(
            ExternalMetricSource.builder()
                .metric(MetricIdentifier.builder().name("queue").build())
                .target(target)
                .build())
        .build();
  }
}
