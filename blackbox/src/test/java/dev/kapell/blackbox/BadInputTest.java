package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@SharesCluster
class BadInputTest {

  @Test
  void aTypoNamesTheFieldAndNothingIsWritten() {
    String manifests =
        """
        {apiVersion: v1, kind: ConfigMap, metadata: {name: fine}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: typo}, spec: {containers: [{name: c, imagee: x, image: y}]}}
        """;
    String printed = Kapell.kapellWithInput(manifests, "apply", "-").refused();
    assertThat(printed).contains("spec.containers[0].imagee").doesNotContain("at dev.kapell");
    assertThat(Kapell.kapell("get", "configmap", "fine").refused()).contains("not found");
  }

  @Test
  void anUnknownKindSaysWhereToLook() {
    String printed =
        Kapell.kapellWithInput("{apiVersion: v1, kind: Pot, metadata: {name: x}}", "apply", "-")
            .refused();
    assertThat(printed).contains("Pot").contains("api-resources");
  }

  @Test
  void aWrongTypeNamesThePath() {
    String printed =
        Kapell.kapellWithInput(
                "{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {containers: nothing}}",
                "apply",
                "-")
            .refused();
    assertThat(printed).contains("containers");
  }

  @Test
  void brokenYamlNamesTheLine() {
    String printed = Kapell.kapellWithInput("apiVersion: v1\nkind: [", "apply", "-").refused();
    assertThat(printed).contains("line ");
  }

  @Test
  void anImageThatDoesNotExistIsToldBeforeTheTimeIsUp() {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: noimage}
        spec:
          containers: [{name: c, image: "kapell.local/none:1", imagePullPolicy: Never}]
        """;
    String printed =
        Kapell.kapellWithInput(pod, "apply", "--wait", "--timeout", "60", "-").refused();
    assertThat(printed).contains("noimage").contains("ErrImageNeverPull");
    Kapell.kapell("delete", "pod", "noimage").ok();
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThat(Kapell.kapell("apply", "no-such-file.yaml").refused()).contains("no-such-file.yaml");
  }
}
