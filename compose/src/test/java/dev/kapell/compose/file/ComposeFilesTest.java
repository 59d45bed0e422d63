package dev.kapell.compose.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.compose.file.ComposeFile.Condition;
import dev.kapell.compose.file.ComposeFile.Dependency;
import dev.kapell.compose.file.ComposeFile.Mount;
import dev.kapell.compose.file.ComposeFile.Port;
import dev.kapell.compose.file.ComposeFile.Service;
import dev.kapell.compose.file.ComposeFile.Source;
import dev.kapell.compose.file.ComposeFile.Volume;
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

class ComposeFilesTest {
  @TempDir Path directory;

  private ComposeFile load(String text) throws IOException {
    return load(text, Map.of());
  }

  private ComposeFile load(String text, Map<String, String> environment) throws IOException {
    Path file = directory.resolve("compose.yaml");
    Files.writeString(file, text);
    return ComposeFiles.load(file, environment, Optional.of("shop"));
  }

  private static Service service(ComposeFile file, String name) {
    return Objects.requireNonNull(file.services().get(name));
  }

  private Service only(String serviceText) throws IOException {
    return service(load("services:\n  web:\n    image: i\n" + serviceText.indent(4)), "web");
  }

  @Test
  void aServiceHasEveryDefault() throws IOException {
    Service web = only("");
    assertThat(web.replicas()).isEqualTo(1);
    assertThat(web.restart()).isEqualTo(ComposeFile.Restart.NO);
    assertThat(web.grace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(web.command()).isEmpty();
    assertThat(web.healthcheck()).isEmpty();
  }

  @Test
  void aCommandIsAListOrSplitLikeAShellSplitsIt() throws IOException {
    assertThat(only("command: sh -c 'a b' \"c d\" e\\ f").command())
        .containsExactly("sh", "-c", "a b", "c d", "e f");
    assertThat(only("command: [sh, -c, 'a b']").command()).containsExactly("sh", "-c", "a b");
  }

  @Test
  void environmentIsAMappingOrAListAndTakesMissingValuesFromTheCaller() throws IOException {
    Map<String, String> caller = Map.of("FROM_CALLER", "yes");
    String mapping =
        """
        services:
          web:
            image: i
            environment:
              A: 1
              B: "true"
              FROM_CALLER:
              NOWHERE:
        """;
    assertThat(service(load(mapping, caller), "web").environment())
        .containsExactly(
            Map.entry("A", "1"), Map.entry("B", "true"), Map.entry("FROM_CALLER", "yes"));
    assertThat(only("environment: ['A=1', 'B=x=y', 'NOWHERE']").environment())
        .containsExactly(Map.entry("A", "1"), Map.entry("B", "x=y"));
  }

  @Test
  void anEnvFileComesBeforeEnvironment() throws IOException {
    Files.writeString(
        directory.resolve("a.env"),
        "# comment\nA=file\nexport B='lit $A' # c\nC=\"x\\ny\"\nD=$A-d\n");
    assertThat(only("env_file: a.env\nenvironment: {A: own}").environment())
        .containsEntry("A", "own")
        .containsEntry("B", "lit $A")
        .containsEntry("C", "x\ny")
        .containsEntry("D", "file-d");
  }

  @Test
  void dotEnvFillsWhatTheCallerDoesNotSet() throws IOException {
    Files.writeString(directory.resolve(".env"), "TAG=env\nPORT=1\n");
    Service web =
        service(load("services: {web: {image: 'i:${TAG}-${PORT}'}}", Map.of("PORT", "2")), "web");
    assertThat(web.image()).isEqualTo("i:env-2");
  }

  @ParameterizedTest(name = "port {0}")
  @CsvSource(
      textBlock =
          """
          '3000',               '',        0,    3000, tcp
          '8000:80',            '',        8000, 80,   tcp
          '127.0.0.1:8001:81',  127.0.0.1, 8001, 81,   tcp
          '127.0.0.1::81',      127.0.0.1, 0,    81,   tcp
          '6060:6060/udp',      '',        6060, 6060, udp
          """)
  void aPortInShortForm(String text, String address, int published, int target, String protocol)
      throws IOException {
    assertThat(only("ports: ['" + text + "']").ports())
        .containsExactly(new Port(address, published, target, protocol));
  }

  @Test
  void aRangeOfPortsIsAsManyPorts() throws IOException {
    assertThat(only("ports: ['9090-9092:8080-8082']").ports())
        .containsExactly(
            new Port("", 9090, 8080, "tcp"),
            new Port("", 9091, 8081, "tcp"),
            new Port("", 9092, 8082, "tcp"));
  }

  @Test
  void aPortInLongForm() throws IOException {
    assertThat(
            only("ports: [{target: 80, published: \"8080\", host_ip: 127.0.0.1, mode: host}]")
                .ports())
        .containsExactly(new Port("127.0.0.1", 8080, 80, "tcp"));
  }

  @Test
  void volumesAreNamedBoundOrPassing() throws IOException {
    ComposeFile file =
        load(
            """
            services:
              web:
                image: i
                volumes:
                  - data:/data:ro
                  - ./here:/here
                  - /abs:/abs
                  - /scratch
                  - {type: tmpfs, target: /tmp}
                  - {type: bind, source: ../up, target: /up, read_only: true}
            volumes:
              data:
              other: {external: true}
            """);
    assertThat(file.volumes())
        .containsEntry("data", new Volume("shop_data", false))
        .containsEntry("other", new Volume("other", true));
    assertThat(service(file, "web").mounts())
        .containsExactly(
            new Mount(new Source.Named("data"), "/data", true),
            new Mount(new Source.Bind(directory.resolve("here").toString(), true), "/here", false),
            new Mount(new Source.Bind("/abs", true), "/abs", false),
            new Mount(new Source.Scratch(false), "/scratch", false),
            new Mount(new Source.Scratch(true), "/tmp", false),
            new Mount(
                new Source.Bind(directory.resolveSibling("up").toString(), true), "/up", true));
  }

  @Test
  void aHealthcheckHasItsForms() throws IOException {
    assertThat(only("healthcheck: {test: curl localhost}").healthcheck().orElseThrow().command())
        .containsExactly("/bin/sh", "-c", "curl localhost");
    assertThat(
            only("healthcheck: {test: [CMD, a, b], interval: 1m30s, timeout: 500ms, retries: 5}")
                .healthcheck())
        .contains(
            new ComposeFile.Healthcheck(
                List.of("a", "b"),
                Duration.ofSeconds(90),
                Duration.ofMillis(500),
                5,
                Duration.ZERO));
    assertThat(
            only("healthcheck: {test: [CMD-SHELL, 'a b']}").healthcheck().orElseThrow().command())
        .containsExactly("/bin/sh", "-c", "a b");
    assertThat(only("healthcheck: {test: [NONE]}").healthcheck()).isEmpty();
    assertThat(only("healthcheck: {test: [CMD, a], disable: true}").healthcheck()).isEmpty();
  }

  @Test
  void dependenciesAreAListOrConditions() throws IOException {
    ComposeFile file =
        load(
            """
            services:
              db: {image: i, healthcheck: {test: [CMD, "true"]}}
              job: {image: i}
              a: {image: i, depends_on: [db]}
              b:
                image: i
                depends_on:
                  db: {condition: service_healthy}
                  job: {condition: service_completed_successfully}
                  gone: {condition: service_started, required: false}
            """);
    assertThat(service(file, "a").dependencies())
        .containsExactly(new Dependency("db", Condition.STARTED, true));
    assertThat(service(file, "b").dependencies())
        .containsExactly(
            new Dependency("db", Condition.HEALTHY, true),
            new Dependency("job", Condition.COMPLETED, true),
            new Dependency("gone", Condition.STARTED, false));
  }

  @Test
  void anchorsMergeKeysAndExtensionsAreFine() throws IOException {
    ComposeFile file =
        load(
            """
            x-base: &base
              image: i
              environment: &env {A: a, B: b}
            services:
              web:
                <<: *base
                environment:
                  <<: *env
                  B: own
                x-mine: 1
            """);
    assertThat(service(file, "web").environment())
        .containsOnly(Map.entry("A", "a"), Map.entry("B", "own"));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cgroup_parent: x      | compose.yaml:4: services.web.cgroup_parent is not supported yet
          imag: x               | compose.yaml:4: services.web.imag is not a key of Compose; did you mean image?
          ports: [99999]        | compose.yaml:4: services.web.ports: "99999" is not a port
          ports: ['1-2:3']      | compose.yaml:4: services.web.ports: 1-2 and 3 are not equally many
          volumes: ['d:/d']     | compose.yaml:4: services.web.volumes: the volume d is not declared
          volumes: ['./d:d']    | compose.yaml:4: services.web.volumes: the target "d" has to be an absolute path
          depends_on: [db]      | compose.yaml:3: services.web.depends_on: there is no service db
          depends_on: [web]     | compose.yaml:3: depends_on runs in a circle: web → web
          restart: sometimes    | compose.yaml:4: services.web.restart has to be no, always
          user: postgres        | compose.yaml:4: services.web.user "postgres": names are not supported yet
          image: again          | compose.yaml:4: image stands here twice
          tty: perhaps          | compose.yaml:4: services.web.tty has to be true or false, not "perhaps"
          env_file: none.env    | compose.yaml:4: services.web.env_file: there is no file none.env
          command: []           | compose.yaml:4: services.web.command is empty
          deploy: {resources: } | compose.yaml:4: services.web.deploy.resources is not supported yet
          deploy: {update_config: {}} | compose.yaml:4: services.web.deploy.update_config needs restart: always
          healthcheck: {test: [X]} | compose.yaml:4: services.web.healthcheck.test has to begin with
          """)
  void aMistakeIsNamedWithItsLine(String line, String expected) {
    assertThatThrownBy(() -> only(line))
        .isInstanceOf(ComposeFailure.class)
        .message()
        .startsWith(directory.resolve("compose.yaml").toString())
        .contains(expected);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                 | :1: the file is empty
          services: {                        | not valid YAML
          services: 5                        | :1: services has to be a mapping, not "5"
          networks: {a: }                    | :1: networks is not supported yet
          volumes: {}                        | :1: there is no service in the file
          services: {Web_1: {image: i}}      | the service name "Web_1" is not supported yet
          services: {web: {build: .}}        | services.web.build is not supported yet
          """)
  void aFileThatCannotBeUsedSaysWhy(String text, String expected) {
    assertThatThrownBy(() -> load(text))
        .isInstanceOf(ComposeFailure.class)
        .hasMessageContaining(expected);
  }

  @Test
  void theProjectIsNamedAfterItsDirectory() throws IOException {
    Path place = Files.createDirectory(directory.resolve("My_Shop.2"));
    Files.writeString(place.resolve("docker-compose.yml"), "services: {web: {image: i}}");
    assertThat(ComposeFiles.load(place, Map.of(), Optional.empty()).project())
        .isEqualTo("my-shop2");
  }
}
