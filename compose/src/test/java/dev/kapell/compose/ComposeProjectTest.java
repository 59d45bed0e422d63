package dev.kapell.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.ApiObject;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.HostPathVolumeSource;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.PodStatus;
import dev.kapell.api.core.v1.Probe;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.compose.file.ComposeFile.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeProjectTest {
  @TempDir Path directory;

  private ComposeProject load(String text) throws IOException {
    Files.writeString(directory.resolve("compose.yaml"), text);
    return ComposeProject.load(
        new ComposeProject.Source(
            directory, Map.of(), Optional.of("shop"), Path.of("/var/lib/kapell/volumes")));
  }

  private static <T extends ApiObject> T only(ComposeProject project, Class<T> type, String name) {
    return project.objects().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(object -> object.metadata().nameOr("").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Container container(ComposeProject project, String pod) {
    return only(project, Pod.class, pod).spec().containers().getFirst();
  }

  private static final String SHOP =
      """
      services:
        web:
          image: web:1
          command: sh -c 'echo $$HOME'
          environment: {GREETING: "costs 5$$"}
          ports: ["8080:80", "127.0.0.1:5353:53/udp"]
          depends_on:
            db: {condition: service_healthy}
        db:
          image: db:1
          restart: always
          volumes: ["data:/data"]
          healthcheck: {test: [CMD, check], interval: 2s, timeout: 1s, retries: 4, start_period: 5s}
      volumes:
        data:
      """;

  @Test
  void everythingLivesInANamespaceOfTheProject() throws IOException {
    ComposeProject project = load(SHOP);
    assertThat(project.namespaceObject().metadata().name()).isEqualTo("compose-shop");
    assertThat(project.objects())
        .allSatisfy(
            object -> {
              assertThat(object.metadata().namespace()).isEqualTo("compose-shop");
              assertThat(object.metadata().labels())
                  .containsEntry(ComposeProject.PROJECT_LABEL, "shop");
            });
  }

  @Test
  void stepsFollowTheDependencies() throws IOException {
    List<Step> steps = load(SHOP).steps();
    assertThat(steps).extracting(Step::service).containsExactly("db", "web");
    assertThat(steps.getFirst().after()).isEmpty();
    assertThat(steps.getLast().after())
        .containsExactly(
            new Requirement("db", Condition.HEALTHY, 1, Duration.ofSeconds(5 + 3 * 5), true));
  }

  @Test
  void aServiceThatAlwaysStartsAgainIsADeploymentAndOthersArePods() throws IOException {
    ComposeProject project = load(SHOP);
    Deployment db = only(project, Deployment.class, "db");
    assertThat(db.spec().replicas()).isEqualTo(1);
    assertThat(Objects.requireNonNull(db.spec().selector()).matchLabels())
        .isEqualTo(Map.of(ComposeProject.SERVICE_LABEL, "db"));
    assertThat(only(project, Pod.class, "web-1").spec().restartPolicy()).isEqualTo("Never");
  }

  @ParameterizedTest(name = "{0}: surge {1}, unavailable {2}, watched {3} s, undone {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {parallelism: 2}                                  | 0 | 2    | 0  | false
          {parallelism: 0}                                  | 0 | 100% | 0  | false
          {order: start-first, delay: 10s}                  | 1 | 0    | 10 | false
          {order: start-first, parallelism: 3, monitor: 5s} | 3 | 0    | 5  | false
          {failure_action: rollback, monitor: 20s}          | 0 | 1    | 20 | true
          {failure_action: pause, max_failure_ratio: 0}     | 0 | 1    | 0  | false
          """)
  void anUpdateIsTheStrategyOfADeployment(
      String update, String surge, String unavailable, int watched, boolean undone)
      throws IOException {
    ComposeProject project =
        load(
            """
            services:
              web:
                image: web:1
                restart: always
                deploy: {replicas: 3, update_config: %s}
            """
                .formatted(update));
    Deployment web = only(project, Deployment.class, "web");
    var rolling =
        Objects.requireNonNull(Objects.requireNonNull(web.spec().strategy()).rollingUpdate());
    assertThat(rolling.maxSurge()).hasToString(surge);
    assertThat(rolling.maxUnavailable()).hasToString(unavailable);
    assertThat(web.spec().minReadySecondsOr(0)).isEqualTo(watched);
    assertThat("true".equals(web.metadata().annotations().get("kapell.dev/rollback-on-failure")))
        .isEqualTo(undone);
    if (undone) {
      assertThat(web.spec().progressDeadlineSeconds()).isEqualTo(120 + watched);
    }
  }

  @Test
  void aServiceIsFoundByItsNameOnEveryPort() throws IOException {
    Service db = only(load(SHOP), Service.class, "db");
    assertThat(db.spec().clusterIP()).isEqualTo("None");
    assertThat(db.spec().publishNotReadyAddresses()).isTrue();
  }

  @Test
  void publishedPortsAreHostPortsOfAService() throws IOException {
    Service published = only(load(SHOP), Service.class, "web-published");
    assertThat(published.metadata().annotations())
        .containsEntry("kapell.dev/host-ports", "8080:80/tcp,127.0.0.1:5353:53/udp");
    assertThat(published.spec().ports())
        .extracting(port -> port.protocol() + port.port())
        .containsExactly("TCP80", "UDP53");
  }

  @Test
  void kubernetesExpandsNothingThatComposeHasLeftThere() throws IOException {
    Container web = container(load(SHOP), "web-1");
    assertThat(web.args()).containsExactly("sh", "-c", "echo $$HOME");
    assertThat(web.env().getFirst().value()).isEqualTo("costs 5$$");
  }

  @Test
  void aHealthcheckIsAReadinessProbe() throws IOException {
    Container db =
        only(load(SHOP), Deployment.class, "db").spec().template().spec().containers().getFirst();
    Probe probe = Objects.requireNonNull(db.readinessProbe());
    assertThat(probe.periodSeconds()).isEqualTo(2);
    assertThat(probe.failureThreshold()).isEqualTo(4);
    assertThat(db.livenessProbe()).isNull();
  }

  @Test
  void aNamedVolumeIsADirectoryOfTheProject() throws IOException {
    ComposeProject project = load(SHOP);
    HostPathVolumeSource source =
        Objects.requireNonNull(
            only(project, Deployment.class, "db")
                .spec()
                .template()
                .spec()
                .volumes()
                .getFirst()
                .hostPath());
    assertThat(source.path()).isEqualTo("/var/lib/kapell/volumes/shop_data");
    assertThat(project.ownVolumes()).containsExactly(Path.of("/var/lib/kapell/volumes/shop_data"));
  }

  @Test
  void onlyWhatChangedHasAnotherHash() throws IOException {
    String before = hash(load(SHOP), "web-1");
    assertThat(hash(load(SHOP + "x-note: 1\n"), "web-1")).isEqualTo(before);
    assertThat(hash(load(SHOP.replace("db:1", "db:2")), "web-1")).isEqualTo(before);
    assertThat(hash(load(SHOP.replace("web:1", "web:2")), "web-1")).isNotEqualTo(before);
  }

  private static String hash(ComposeProject project, String pod) {
    return only(project, Pod.class, pod)
        .metadata()
        .annotations()
        .getOrDefault(ComposeProject.HASH, "");
  }

  @Test
  void aRequirementIsMetWaitedForOrFailed() {
    Requirement healthy = new Requirement("db", Condition.HEALTHY, 1, Duration.ofSeconds(1), true);
    Requirement completed =
        new Requirement("job", Condition.COMPLETED, 1, Duration.ofSeconds(1), true);
    assertThat(healthy.judge(List.of())).isInstanceOf(Requirement.State.Waiting.class);
    assertThat(healthy.judge(List.of(pod("Running", "False"))))
        .isEqualTo(new Requirement.State.Waiting("db: 0 of 1 healthy"));
    assertThat(healthy.judge(List.of(pod("Running", "True"))))
        .isInstanceOf(Requirement.State.Met.class);
    assertThat(healthy.judge(List.of(pod("Failed", "False"))))
        .isEqualTo(new Requirement.State.Failed("p ended before it was healthy"));
    assertThat(completed.judge(List.of(pod("Running", "True"))))
        .isInstanceOf(Requirement.State.Waiting.class);
    assertThat(completed.judge(List.of(pod("Succeeded", "False"))))
        .isInstanceOf(Requirement.State.Met.class);
    assertThat(completed.judge(List.of(pod("Failed", "False"))))
        .isEqualTo(new Requirement.State.Failed("p failed"));
  }

  private static Pod pod(String phase, String ready) {
    return Pod.builder()
        .metadata(ObjectMeta.builder().name("p").build())
        .status(
            PodStatus.builder()
                .phase(phase)
                .conditions(List.of(PodCondition.builder().type("Ready").status(ready).build()))
                .build())
        .build();
  }

  @Test
  void theExampleOfThisRepositoryLoads() {
    ComposeProject example =
        ComposeProject.load(
            new ComposeProject.Source(
                Path.of("../examples/compose"), Map.of(), Optional.empty(), Path.of("/v")));
    assertThat(example.steps()).extracting(Step::service).containsExactly("counter", "web");
  }
}
