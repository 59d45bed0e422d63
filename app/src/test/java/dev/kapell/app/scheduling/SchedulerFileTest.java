package dev.kapell.app.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.tree.Settings;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Score;
import dev.kapell.scheduler.profile.Profile;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerFileTest {
  private static final String HEAD =
      "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

  private static List<Profile> profiles(String yaml) {
    return SchedulerFile.parse(HEAD + yaml).profiles();
  }

  private static List<String> filters(Profile profile) {
    return profile.plugins().filters().stream().map(Filter::name).toList();
  }

  private static Map<String, Integer> weights(Profile profile) {
    return profile.plugins().scores().stream()
        .collect(Collectors.toMap(Score::name, Score::weight));
  }

  @Test
  void anEmptyFileIsTheDefault() {
    assertThat(profiles("")).containsExactly(Profile.standard());
  }

  @Test
  void profilesHaveRulesOfTheirOwn() {
    List<Profile> profiles =
        profiles(
            """
            percentageOfNodesToScore: 30
            profiles:
            - schedulerName: default-scheduler
            - schedulerName: packing
              percentageOfNodesToScore: 100
              plugins:
                multiPoint:
                  disabled: [{name: ImageLocality}]
                filter:
                  disabled: [{name: TaintToleration}]
                score:
                  disabled: [{name: "*"}]
                  enabled: [{name: NodeResourcesFit, weight: 7}]
                postFilter:
                  disabled: [{name: "*"}]
              pluginConfig:
              - name: NodeResourcesFit
                args:
                  scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 3}]}
            """);
    assertThat(profiles).extracting(Profile::percentageOfNodesToScore).containsExactly(30, 100);
    Profile packing = profiles.get(1);
    assertThat(packing.schedulerName()).isEqualTo("packing");
    assertThat(filters(packing)).doesNotContain("TaintToleration").contains("NodePorts");
    assertThat(weights(packing)).containsExactly(Map.entry("NodeResourcesFit", 7));
    assertThat(packing.preemption()).isEmpty();
    assertThat(weights(profiles.getFirst())).hasSize(7);
  }

  @Test
  void extendersAreRead() {
    var extenders =
        SchedulerFile.parse(
                HEAD
                    + """
                    extenders:
                    - urlPrefix: http://127.0.0.1:9/x
                      filterVerb: filter
                      prioritizeVerb: prioritize
                      weight: 2
                      httpTimeout: 3s
                      managedResources: [{name: example.com/gpu, ignoredByScheduler: true}]
                    """)
            .extenders();
    assertThat(extenders).hasSize(1);
    assertThat(extenders.getFirst().resources()).containsExactly("example.com/gpu");
    assertThat(extenders.getFirst().patience()).hasSeconds(3);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense: 1 | nonsense is not a known field",
        "parallelism: 16 | parallelism has no meaning here: one thread decides; remove it",
        "profiles: [{}, {}] | is the name of another profile",
        "profiles: [{plugins: {reserve: {}}}] | reserve is no step of its own here",
        "profiles: [{plugins: {filter: {disabled: [{name: Nope}]}}}] | is no plugin that is known",
        "profiles: [{plugins: {multiPoint: {disabled: [{name: PrioritySort}]}}}]"
            + " | cannot be disabled",
        "profiles: [{pluginConfig: [{name: VolumeBinding}]}] | takes no arguments here",
        "profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: X}}}]}]"
            + " | must be LeastAllocated",
        "profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultConstraints:"
            + " [{topologyKey: z, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway}]}}]}]"
            + " | defaultConstraints must be empty",
        "profiles: [{pluginConfig: [{name: NodeAffinity, args: {addedAffinity: {x: 1}}}]}]"
            + " | addedAffinity cannot be read",
        "extenders: [{urlPrefix: nowhere}] | must be an address",
        "extenders: [{urlPrefix: 'http://x', preemptVerb: p}] | preemptVerb is not supported",
        "extenders: [{urlPrefix: 'http://x', prioritizeVerb: p}] | weight must be positive"
      })
  void whatIsWrongIsRefusedWithAReason(String yaml, String why) {
    assertThatThrownBy(() -> profiles(yaml))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageContaining(why)
        .hasMessageStartingWith("scheduler.yaml: ");
  }

  @Test
  void theLongestBackOffIsNotShorterThanTheFirst() {
    assertThatThrownBy(() -> profiles("podInitialBackoffSeconds: 20\npodMaxBackoffSeconds: 5"))
        .hasMessageContaining("must be at least podInitialBackoffSeconds");
  }
}
