package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.tree.Obj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a new pod's label keys mean stands in its selectors. */
class LabelKeysTest {
  private final Api api = new Api();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void theKeysOfANewPodAreWrittenIntoItsSelectors() {
    Obj spec =
        api.at("v1/pods")
            .create(
                """
                metadata: {name: x, labels: {app: web, hash: a1}}
                spec:
                  containers: [{name: main, image: i}]
                  topologySpreadConstraints:
                  - {maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule,
                     labelSelector: {matchLabels: {app: web}}, matchLabelKeys: [hash, absent]}
                  affinity:
                    podAffinity:
                      preferredDuringSchedulingIgnoredDuringExecution:
                      - {weight: 1, podAffinityTerm: {topologyKey: z, labelSelector: {}, matchLabelKeys: [hash]}}
                    podAntiAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                      - {topologyKey: z, labelSelector: {}, mismatchLabelKeys: [hash]}
                """)
            .child("spec");
    assertThat(spec.items("topologySpreadConstraints").getFirst().get("labelSelector"))
        .hasToString(
            "{matchLabels={app=web}, matchExpressions=[{key=hash, operator=In, values=[a1]}]}");
    Obj affinity = spec.child("affinity");
    assertThat(
            affinity
                .child("podAffinity")
                .items("preferredDuringSchedulingIgnoredDuringExecution")
                .getFirst()
                .child("podAffinityTerm")
                .get("labelSelector"))
        .hasToString("{matchExpressions=[{key=hash, operator=In, values=[a1]}]}");
    assertThat(
            affinity
                .child("podAntiAffinity")
                .items("requiredDuringSchedulingIgnoredDuringExecution")
                .getFirst()
                .get("labelSelector"))
        .hasToString("{matchExpressions=[{key=hash, operator=NotIn, values=[a1]}]}");
  }
}
