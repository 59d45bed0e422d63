package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodAffinity;
import dev.kapell.api.core.v1.PodAffinityTerm;
import dev.kapell.api.core.v1.PodAntiAffinity;
import dev.kapell.api.core.v1.WeightedPodAffinityTerm;
import dev.kapell.api.meta.v1.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodAffinityTest {
  private static Scene zones() {
    Scene scene = new Scene().node("a1", "zone=a").node("a2", "zone=a").node("b1", "zone=b");
    scene.namespaces.put("team", Map.of("kind", "team"));
    scene.place(scene.pod("db", "app=db", "revision=1"), "a1");
    Pod foreign = scene.pod("foreign", "app=cache");
    return scene.place(foreign.withMetadata(foreign.metadata().withNamespace("team")), "b1");
  }

  private static PodAffinityTerm term(String app) {
    return PodAffinityTerm.builder()
        .topologyKey("zone")
        .labelSelector(LabelSelector.builder().matchLabels(Map.of("app", app)).build())
        .build();
  }

  private static Pod near(Pod pod, PodAffinityTerm... terms) {
    return pod.withSpec(
        pod.spec()
            .withAffinity(
                Affinity.builder()
                    .podAffinity(
                        PodAffinity.builder()
                            .requiredDuringSchedulingIgnoredDuringExecution(List.of(terms))
                            .build())
                    .build()));
  }

  private static Pod far(Pod pod, PodAffinityTerm... terms) {
    return pod.withSpec(
        pod.spec()
            .withAffinity(
                Affinity.builder()
                    .podAntiAffinity(
                        PodAntiAffinity.builder()
                            .requiredDuringSchedulingIgnoredDuringExecution(List.of(terms))
                            .build())
                    .build()));
  }

  static Stream<Arguments> terms() {
    LabelSelector teams = LabelSelector.builder().matchLabels(Map.of("kind", "team")).build();
    LabelSelector all = LabelSelector.builder().build();
    return Stream.of(
        row("pods of the own namespace", "db", t -> t, List.of("a1", "a2")),
        row("those of others do not count", "cache", t -> t, List.of()),
        row("unless named", "cache", t -> t.withNamespaces(List.of("team")), List.of("b1")),
        row("or selected", "cache", t -> t.withNamespaceSelector(teams), List.of("b1")),
        row("an empty selector is all", "cache", t -> t.withNamespaceSelector(all), List.of("b1")),
        row("the same revision", "db", t -> t.withMatchLabelKeys(List.of("revision")), List.of()),
        row(
            "another revision",
            "db",
            t -> t.withMismatchLabelKeys(List.of("revision")),
            List.of("a1", "a2")),
        row(
            "a key that the pod lacks does not count",
            "db",
            t -> t.withMatchLabelKeys(List.of("missing")),
            List.of("a1", "a2")),
        row("a topology that no node has", "db", t -> t.withTopologyKey("rack"), List.of()));
  }

  private static Arguments row(
      String name, String app, UnaryOperator<PodAffinityTerm> edit, List<String> fitting) {
    return Arguments.of(name, app, edit, fitting);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("terms")
  void aPodGoesNear(
      String name, String app, UnaryOperator<PodAffinityTerm> edit, List<String> fitting) {
    Scene scene = zones();
    Pod pod = near(scene.pod("new", "app=web", "revision=2"), edit.apply(term(app)));
    assertThat(scene.fitting(pod)).isEqualTo(fitting);
  }

  @Test
  void allTermsAreAboutOnePod() {
    Scene scene = zones();
    scene.place(scene.pod("log", "app=log"), "b1");
    scene.place(scene.pod("log2", "app=log"), "a2");
    Pod both = near(scene.pod("new", "app=web"), term("db"), term("log"));
    assertThat(scene.fitting(both)).as("no pod is both").isEmpty();
  }

  @Test
  void theFirstOfAGroupGoesAnywhereWithTheLabel() {
    Scene scene = zones().node("none");
    Pod first = near(scene.pod("first", "app=web"), term("web"));
    assertThat(scene.fitting(first)).containsExactly("a1", "a2", "b1");
    scene.place(first, "b1");
    assertThat(scene.fitting(near(scene.pod("second", "app=web"), term("web"))))
        .containsExactly("b1");
  }

  @Test
  void podsKeepApartBothWays() {
    Scene scene = zones();
    Pod hermit = far(scene.pod("hermit", "app=web"), term("db"));
    assertThat(scene.verdicts(hermit))
        .containsEntry("a1", "node(s) didn't match pod anti-affinity rules")
        .containsEntry("b1", "");
    scene.place(hermit, "b1");
    Pod db = scene.pod("db2", "app=db");
    assertThat(scene.verdicts(db))
        .containsEntry("b1", "node(s) didn't satisfy existing pods anti-affinity rules")
        .containsEntry("a1", "");
    scene.cluster.removePod(hermit.withSpec(hermit.spec().withNodeName("b1")));
    assertThat(scene.fitting(db)).contains("b1");
  }

  @Test
  void labelsOfNamespacesAreFollowed() {
    Scene scene = zones();
    LabelSelector teams = LabelSelector.builder().matchLabels(Map.of("kind", "team")).build();
    Pod pod = near(scene.pod("new"), term("cache").withNamespaceSelector(teams));
    assertThat(scene.fitting(pod)).containsExactly("b1");
    scene.namespaces.put("team", Map.of());
    scene.cluster.namespacesChanged();
    assertThat(scene.fitting(pod)).isEmpty();
  }

  @Test
  void wishesOfBothSidesAreAddedUp() {
    Scene scene = zones();
    Pod wishing = scene.pod("new", "app=web");
    wishing =
        wishing.withSpec(
            wishing
                .spec()
                .withAffinity(
                    Affinity.builder()
                        .podAffinity(
                            PodAffinity.builder()
                                .preferredDuringSchedulingIgnoredDuringExecution(
                                    List.of(
                                        WeightedPodAffinityTerm.builder()
                                            .weight(10)
                                            .podAffinityTerm(term("db"))
                                            .build()))
                                .build())
                        .build()));
    assertThat(scene.points(wishing, "InterPodAffinity"))
        .containsEntry("a1", 100L)
        .containsEntry("a2", 100L)
        .containsEntry("b1", 0L);
    scene.place(near(scene.pod("fan", "app=fan"), term("web")), "b1");
    assertThat(scene.points(scene.pod("other", "app=web"), "InterPodAffinity"))
        .as("a placed pod wants to be near it")
        .containsEntry("b1", 100L)
        .containsEntry("a1", 0L);
  }
}
