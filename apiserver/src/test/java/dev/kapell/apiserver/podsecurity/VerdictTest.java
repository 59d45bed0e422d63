package dev.kapell.apiserver.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.tree.Obj;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each check of the Pod Security Standards, in Kubernetes' words. */
class VerdictTest {
  private static final String GOOD =
      """
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: a
        image: i
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      """;

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("baseline")
  void baselineForbids(String version, String spec, String expected) {
    assertThat(verdict("baseline", version, spec)).isEqualTo(expected);
  }

  static Stream<Arguments> baseline() {
    return Stream.of(
        row("latest", "containers: [{name: a}]", ""),
        row(
            "latest",
            "{hostNetwork: true, hostPID: true}",
            "host namespaces (hostNetwork=true, hostPID=true)"),
        row(
            "latest",
            "containers: [{name: a, securityContext: {privileged: true}}, {name: b, securityContext: {privileged: true}}]",
            "privileged (containers \"a\", \"b\" must not set securityContext.privileged=true)"),
        row(
            "latest",
            "ephemeralContainers: [{name: e, securityContext: {privileged: true}}]",
            "privileged (container \"e\" must not set securityContext.privileged=true)"),
        row(
            "latest",
            "volumes: [{name: v, hostPath: {path: /}}]",
            "hostPath volumes (volume \"v\")"),
        row(
            "latest",
            "containers: [{name: a, ports: [{hostPort: 80}, {hostPort: 81}, {hostPort: 0}]}]",
            "hostPort (container \"a\" uses hostPorts 80, 81)"),
        row(
            "latest",
            "containers: [{name: a, livenessProbe: {httpGet: {host: h}}, lifecycle: {preStop: {tcpSocket: {host: g}}}}]",
            "probe or lifecycle host (container \"a\" uses probe or lifecycle hosts \"g\", \"h\")"),
        row("v1.33", "containers: [{name: a, livenessProbe: {httpGet: {host: h}}}]", ""),
        row(
            "latest",
            "containers: [{name: a, securityContext: {capabilities: {add: [NET_RAW, KILL]}}}]",
            "non-default capabilities (container \"a\" must not include \"NET_RAW\" in securityContext.capabilities.add)"),
        row(
            "latest",
            "containers: [{name: a, securityContext: {procMount: Unmasked}}]",
            "procMount (container \"a\" must not set securityContext.procMount to \"Unmasked\")"),
        row(
            "latest",
            "{hostUsers: false, containers: [{name: a, securityContext: {procMount: Unmasked}}]}",
            ""),
        row(
            "v1.34",
            "{hostUsers: false, containers: [{name: a, securityContext: {procMount: Unmasked}}]}",
            "procMount (container \"a\" must not set securityContext.procMount to \"Unmasked\")"),
        row(
            "latest",
            "{securityContext: {seLinuxOptions: {type: x}}, containers: [{name: a, securityContext: {seLinuxOptions: {user: u, role: r}}}]}",
            "seLinuxOptions (pod and container \"a\" set forbidden securityContext.seLinuxOptions: type \"x\"; user may not be set; role may not be set)"),
        row(
            "v1.30",
            "securityContext: {seLinuxOptions: {type: container_engine_t}}",
            "seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type \"container_engine_t\")"),
        row("v1.31", "securityContext: {seLinuxOptions: {type: container_engine_t}}", ""),
        row(
            "latest",
            "securityContext: {seccompProfile: {type: Unconfined}}",
            "seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")"),
        row("v1.18", "securityContext: {seccompProfile: {type: Unconfined}}", ""),
        row(
            "latest",
            "containers: [{name: a, securityContext: {appArmorProfile: {type: Unconfined}}}]",
            "forbidden AppArmor profile (container \"a\" must not set AppArmor profile type to \"Unconfined\")"),
        row(
            "latest",
            "securityContext: {sysctls: [{name: kernel.msgmax}, {name: net.ipv4.tcp_rmem}]}",
            "forbidden sysctls (kernel.msgmax)"),
        row(
            "v1.31",
            "securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}",
            "forbidden sysctls (net.ipv4.tcp_rmem)"),
        row(
            "latest",
            "securityContext: {windowsOptions: {hostProcess: true}}",
            "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)"),
        row("v9999".replace("v", "v1."), "hostIPC: true", "host namespaces (hostIPC=true)"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("restricted")
  void restrictedForbids(String version, String spec, String expected) {
    assertThat(verdict("restricted", version, spec)).isEqualTo(expected);
  }

  static Stream<Arguments> restricted() {
    return Stream.of(
        row("latest", GOOD, ""),
        row(
            "latest",
            "containers: [{name: a}]",
            "allowPrivilegeEscalation != false (container \"a\" must set securityContext.allowPrivilegeEscalation=false), "
                + "unrestricted capabilities (container \"a\" must set securityContext.capabilities.drop=[\"ALL\"]), "
                + "runAsNonRoot != true (pod or container \"a\" must set securityContext.runAsNonRoot=true), "
                + "seccompProfile (pod or container \"a\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")"),
        row(
            "latest",
            GOOD
                + "volumes: [{name: v, hostPath: {path: /}}, {name: n, nfs: {}}, {name: c, configMap: {}}]",
            "restricted volume types (volumes \"v\", \"n\" use restricted volume types \"hostPath\", \"nfs\")"),
        row(
            "latest",
            GOOD.replace("drop: [ALL]", "drop: [ALL], add: [NET_BIND_SERVICE, CHOWN]"),
            "unrestricted capabilities (container \"a\" must not include \"CHOWN\" in securityContext.capabilities.add)"),
        row(
            "latest",
            GOOD.replace("runAsNonRoot: true", "runAsNonRoot: true, runAsUser: 0"),
            "runAsUser=0 (pod must not set runAsUser=0)"),
        row("v1.22", GOOD.replace("runAsNonRoot: true", "runAsNonRoot: true, runAsUser: 0"), ""),
        row(
            "latest",
            GOOD.replace("runAsNonRoot: true", "runAsNonRoot: false"),
            "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)"),
        row(
            "latest",
            GOOD.replace("runAsNonRoot: true", "runAsNonRoot: false") + "hostUsers: false",
            ""),
        row("latest", GOOD + "hostUsers: false".replace("false", "true"), ""),
        row(
            "latest",
            GOOD.replace("RuntimeDefault", "Unconfined"),
            "seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")"),
        row(
            "latest",
            "{os: {name: windows}, securityContext: {runAsNonRoot: true}, containers: [{name: a}]}",
            ""),
        row(
            "v1.24",
            "{os: {name: windows}, securityContext: {runAsNonRoot: true, seccompProfile: {type: Localhost}}, containers: [{name: a, securityContext: {capabilities: {drop: [ALL]}}}]}",
            "allowPrivilegeEscalation != false (container \"a\" must set securityContext.allowPrivilegeEscalation=false)"),
        row("v1.7", "{securityContext: {runAsNonRoot: true}, containers: [{name: a}]}", ""));
  }

  @Test
  void annotationsAreLookedAtToo() {
    Obj pod =
        pod(
            "metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/a: unconfined}}");
    assertThat(Verdict.of(level("baseline", "latest"), PodForm.of(pod)).details())
        .isEqualTo(
            "forbidden AppArmor profile (annotation must not set AppArmor profile type to"
                + " \"container.apparmor.security.beta.kubernetes.io/a=\"unconfined\"\")");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("labels")
  void labelsSayThePolicy(String labels, String expected) {
    Map<String, String> map =
        pod("metadata: {labels: {" + labels + "}}").child("metadata").strings("labels");
    Policy.Labelled read = Policy.of(map, Policy.PRIVILEGED);
    assertThat(
            read.policy().enforce()
                + " "
                + read.policy().audit()
                + " "
                + read.policy().warn()
                + " "
                + read.errors().size())
        .isEqualTo(expected);
  }

  static Stream<Arguments> labels() {
    String p = Policy.PREFIX;
    String none = "privileged:latest";
    return Stream.of(
        Arguments.of("", none + " " + none + " " + none + " 0"),
        Arguments.of(p + "enforce: baseline", "baseline:latest " + none + " baseline:latest 0"),
        Arguments.of(
            p + "enforce: baseline, " + p + "enforce-version: v1.25",
            "baseline:v1.25 " + none + " baseline:v1.25 0"),
        Arguments.of(
            p + "enforce: restricted, " + p + "warn: privileged",
            "restricted:latest " + none + " " + none + " 0"),
        Arguments.of(
            p + "warn: restricted, " + p + "warn-version: v1.30",
            none + " " + none + " restricted:v1.30 0"),
        Arguments.of(p + "enforce: Baseline", "restricted:latest " + none + " " + none + " 1"),
        Arguments.of(p + "audit: x, " + p + "warn: y", none + " " + none + " " + none + " 2"),
        Arguments.of(
            p + "enforce: baseline, " + p + "enforce-version: v2.1",
            "baseline:latest " + none + " baseline:latest 1"),
        Arguments.of(p + "enforce-version: v1.025", none + " " + none + " " + none + " 1"),
        Arguments.of(p + "enforce-version: v1.99999999999", none + " " + none + " " + none + " 1"));
  }

  private static Arguments row(String version, String spec, String expected) {
    return Arguments.of(version, spec, expected);
  }

  private static String verdict(String level, String version, String spec) {
    String yaml =
        spec.startsWith("{") ? "spec: " + spec : "spec:\n  " + spec.strip().replace("\n", "\n  ");
    return Verdict.of(level(level, version), PodForm.of(pod(yaml))).details();
  }

  private static LevelVersion level(String level, String version) {
    return new LevelVersion(
        Level.of(level).orElseThrow(), LevelVersion.version(version).orElseThrow());
  }

  @SuppressWarnings("unchecked") // YAML of this test has text keys
  private static Obj pod(String yaml) {
    return Obj.root((Map<String, Object>) Objects.requireNonNull(Yaml.document(yaml)));
  }
}
