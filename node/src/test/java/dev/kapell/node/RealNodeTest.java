package dev.kapell.node;

import static dev.kapell.node.RealNode.shell;
import static dev.kapell.node.RealNode.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Bytes;
import dev.kapell.api.IntOrString;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.ConfigMapEnvSource;
import dev.kapell.api.core.v1.ConfigMapVolumeSource;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.EmptyDirVolumeSource;
import dev.kapell.api.core.v1.EnvFromSource;
import dev.kapell.api.core.v1.EnvVar;
import dev.kapell.api.core.v1.EnvVarSource;
import dev.kapell.api.core.v1.ExecAction;
import dev.kapell.api.core.v1.HTTPGetAction;
import dev.kapell.api.core.v1.HostPathVolumeSource;
import dev.kapell.api.core.v1.Lifecycle;
import dev.kapell.api.core.v1.LifecycleHandler;
import dev.kapell.api.core.v1.ObjectFieldSelector;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSecurityContext;
import dev.kapell.api.core.v1.Probe;
import dev.kapell.api.core.v1.ProjectedVolumeSource;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.core.v1.Secret;
import dev.kapell.api.core.v1.SecretVolumeSource;
import dev.kapell.api.core.v1.ServiceAccountTokenProjection;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeMount;
import dev.kapell.api.core.v1.VolumeProjection;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.host.mount.Mounts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The agent on a real containerd. */
final class RealNodeTest {
  private static RealNode node;
  private static Cluster cluster;
  private static Path data;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    node = RealNode.start();
    cluster = node.cluster();
    data = node.data();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void aPodRunsIsProbedAndLeavesNothing() throws InterruptedException, IOException {
    Probe probe =
        Probe.builder()
            .httpGet(HTTPGetAction.builder().path("/").port(new IntOrString.OfInt(8080)).build())
            .periodSeconds(1)
            .build();
    Pod created =
        cluster.create(
            "web",
            spec(
                shell("mkdir /www; echo hello > /www/index.html; exec httpd -f -p 8080 -h /www")
                    .withReadinessProbe(probe)));
    Pod pod = cluster.await("web", p -> Cluster.condition(p, "Ready"));
    URI page = URI.create("http://" + pod.status().podIPOr("") + ":8080/");
    try (InputStream in = page.toURL().openStream()) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello\n");
    }
    assertThat(node.exec("web", "cat", "/etc/hosts")).contains(pod.status().podIPOr("") + "\tweb");
    cluster.delete("web", 1);
    cluster.awaitGone("web");
    String uid = created.metadata().uidOr("");
    assertThat(data.resolve("pods").resolve(uid)).doesNotExist();
    assertThat(data.resolve("logs").resolve("default_web_" + uid)).doesNotExist();
    assertThat(Path.of("/sys/fs/cgroup/memory/kubepods/besteffort/pod" + uid)).doesNotExist();
  }

  @Test
  void theEnvironmentComesFromEverywhere() throws InterruptedException, IOException {
    cluster.api.create(
        Types.CONFIG_MAP,
        ConfigMap.EMPTY
            .withMetadata(ObjectMeta.EMPTY.withNamespace("default").withName("settings"))
            .withData(Map.of("COLOUR", "blue")));
    EnvVar name =
        EnvVar.builder()
            .name("POD")
            .valueFrom(
                EnvVarSource.builder()
                    .fieldRef(ObjectFieldSelector.builder().fieldPath("metadata.name").build())
                    .build())
            .build();
    EnvVar ip =
        EnvVar.builder()
            .name("IP")
            .valueFrom(
                EnvVarSource.builder()
                    .fieldRef(ObjectFieldSelector.builder().fieldPath("status.podIP").build())
                    .build())
            .build();
    EnvVar greeting = EnvVar.builder().name("GREETING").value("$(POD) is $(COLOUR) $$(x)").build();
    Container app =
        shell("echo $GREETING; echo '$(GREETING)'; echo ip $IP; id -u; exit 0")
            .withEnv(List.of(name, ip, greeting))
            .withEnvFrom(
                List.of(
                    EnvFromSource.builder()
                        .configMapRef(ConfigMapEnvSource.builder().name("settings").build())
                        .build()));
    String text =
        node.outcome(
            "env", spec(app).withSecurityContext(PodSecurityContext.EMPTY.withRunAsUser(1000L)));
    assertThat(text).startsWith("env is blue $(x)\n").contains("ip 10.98.8.").contains("\n1000\n");
  }

  @Test
  void volumesOfEveryKindAreMounted() throws InterruptedException, IOException {
    cluster.api.create(
        Types.CONFIG_MAP,
        ConfigMap.EMPTY
            .withMetadata(ObjectMeta.EMPTY.withNamespace("default").withName("page"))
            .withData(Map.of("a.txt", "A\n")));
    cluster.api.create(
        Types.SECRET,
        Secret.EMPTY
            .withMetadata(ObjectMeta.EMPTY.withNamespace("default").withName("key"))
            .withData(Map.of("b.txt", Bytes.of("B\n".getBytes(StandardCharsets.UTF_8)))));
    List<Volume> volumes =
        List.of(
            Volume.builder()
                .name("map")
                .configMap(ConfigMapVolumeSource.builder().name("page").build())
                .build(),
            Volume.builder()
                .name("secret")
                .secret(SecretVolumeSource.builder().secretName("key").build())
                .build(),
            Volume.builder().name("scratch").emptyDir(EmptyDirVolumeSource.EMPTY).build(),
            Volume.builder()
                .name("memory")
                .emptyDir(
                    EmptyDirVolumeSource.EMPTY
                        .withMedium("Memory")
                        .withSizeLimit(Quantity.parse("8Mi")))
                .build(),
            Volume.builder()
                .name("token")
                .projected(
                    ProjectedVolumeSource.builder()
                        .sources(
                            List.of(
                                VolumeProjection.builder()
                                    .serviceAccountToken(
                                        ServiceAccountTokenProjection.builder()
                                            .path("token")
                                            .build())
                                    .build()))
                        .build())
                .build());
    List<VolumeMount> mounts =
        List.of(
            VolumeMount.builder().name("map").mountPath("/map").build(),
            VolumeMount.builder().name("map").mountPath("/single").subPath("a.txt").build(),
            VolumeMount.builder().name("secret").mountPath("/secret").build(),
            VolumeMount.builder().name("scratch").mountPath("/scratch").build(),
            VolumeMount.builder().name("memory").mountPath("/memory").build(),
            VolumeMount.builder().name("token").mountPath("/token").build());
    String script =
        "cat /map/a.txt /single /secret/b.txt /token/token; echo; echo x > /scratch/x && echo wrote; mount | grep -c ' /memory .*tmpfs';"
            + " stat -c %g:%a /scratch; echo y > /map/y || echo readonly";
    String text =
        node.outcome(
            "volumes",
            spec(shell(script).withVolumeMounts(mounts))
                .withVolumes(volumes)
                .withSecurityContext(PodSecurityContext.EMPTY.withFsGroup(2000L)));
    assertThat(text)
        .startsWith("A\nA\nB\ntoken-of-default\nwrote\n")
        .contains("2000:2777")
        .contains("readonly");
  }

  private static VolumeMount part(String mountPath, String sub) {
    return VolumeMount.builder().name("scratch").mountPath(mountPath).subPath(sub).build();
  }

  @Test
  void partsOfVolumesAreMountedAndNoLinkLeadsOutOfThem() throws InterruptedException, IOException {
    Volume scratch = Volume.builder().name("scratch").emptyDir(EmptyDirVolumeSource.EMPTY).build();
    VolumeMount whole = VolumeMount.builder().name("scratch").mountPath("/all").build();
    Container prepares =
        Cluster.container(
                "prepares",
                RealNode.IMAGE,
                "sh",
                "-c",
                "mkdir -p /all/a/b; echo B > /all/a/b/f; ln -s a/b /all/within; ln -s / /all/out")
            .withVolumeMounts(List.of(whole));
    Container app =
        shell(
                "cat /within/f /file; echo new > /new/f; cat /all/made/it/f; ls -ld /all/out; sleep 3600")
            .withVolumeMounts(
                List.of(
                    whole,
                    part("/within", "within"),
                    part("/file", "a/b/f"),
                    part("/new", "made/it")));
    Container caught =
        Cluster.container("caught", RealNode.IMAGE, "sleep", "3600")
            .withVolumeMounts(List.of(part("/host", "out/etc")));
    Pod created =
        cluster.create(
            "parts",
            spec(app, caught).withInitContainers(List.of(prepares)).withVolumes(List.of(scratch)));
    cluster.await(
        "parts",
        p ->
            p.status().containerStatuses().size() == 2
                && Cluster.waiting(p, "caught").equals("CreateContainerConfigError")
                && Cluster.status(p, "app").readyOr(false));
    Waiting.until(
        () -> "the parts are not shown",
        () -> {
          try {
            return node.log("parts", "").startsWith("B\nB\nnew\n");
          } catch (IOException e) {
            return false;
          }
        });
    cluster.restartAgent();
    Path folder = data.resolve("pods").resolve(created.metadata().uidOr(""));
    assertThat(Mounts.ofThisMachine().below(folder)).as("app's three").hasSize(3);
    cluster.delete("parts", 1);
    cluster.awaitGone("parts");
    assertThat(folder).doesNotExist();
    assertThat(Mounts.ofThisMachine().below(folder)).isEmpty();
  }

  @Test
  void aCrashTellsItsLastWordsAndExitCode() throws InterruptedException {
    cluster.create(
        "crash",
        spec(shell("echo oh no > /dev/termination-log; exit 7")).withRestartPolicy("Never"));
    Pod pod = cluster.awaitPhase("crash", "Failed");
    var end = Cluster.ended(Cluster.status(pod, "app").state());
    assertThat(end.exitCode()).isEqualTo(7);
    assertThat(end.message()).isEqualTo("oh no\n");
    assertThat(end.reason()).isEqualTo("Error");
  }

  @Test
  void tooMuchMemoryIsOomKilled() throws InterruptedException {
    ResourceRequirements little =
        ResourceRequirements.EMPTY.withLimits(
            Map.of("memory", Quantity.parse("16Mi"), "cpu", Quantity.parse("500m")));
    cluster.create(
        "greedy",
        spec(shell("exec tail -c 64000000 /dev/zero").withResources(little))
            .withRestartPolicy("Never"));
    Pod pod = cluster.awaitPhase("greedy", "Failed");
    assertThat(Cluster.ended(Cluster.status(pod, "app").state()).reason()).isEqualTo("OOMKilled");
    assertThat(pod.status().qosClass()).isEqualTo("Guaranteed");
  }

  /** A folder of the host, to be mounted as {@code out}. */
  private static Volume out(Path folder) {
    return Volume.builder()
        .name("out")
        .hostPath(HostPathVolumeSource.builder().path(folder.toString()).build())
        .build();
  }

  @Test
  void hooksRunAroundTheLifeOfAContainer() throws InterruptedException, IOException {
    Path shared = Files.createTempDirectory(data, "hooks");
    Lifecycle lifecycle =
        Lifecycle.EMPTY
            .withPostStart(
                LifecycleHandler.EMPTY.withExec(
                    ExecAction.builder().command(List.of("sh", "-c", "echo up > /out/up")).build()))
            .withPreStop(
                LifecycleHandler.EMPTY.withExec(
                    ExecAction.builder()
                        .command(List.of("sh", "-c", "echo down > /out/down"))
                        .build()));
    cluster.create(
        "hooked",
        spec(shell("sleep 3600")
                .withLifecycle(lifecycle)
                .withVolumeMounts(
                    List.of(VolumeMount.builder().name("out").mountPath("/out").build())))
            .withVolumes(List.of(out(shared))));
    cluster.await("hooked", p -> Cluster.condition(p, "Ready"));
    assertThat(shared.resolve("up")).hasContent("up");
    cluster.delete("hooked", 2);
    cluster.awaitGone("hooked");
    assertThat(shared.resolve("down")).hasContent("down");
  }

  @Test
  void aContainerIsStoppedByItsOwnSignal() throws InterruptedException, IOException {
    Path shared = Files.createTempDirectory(data, "signal");
    Container app =
        shell(
                "trap 'echo usr1 > /out/signal; exit' USR1; touch /out/set; while :; do sleep 0.1; done")
            .withLifecycle(Lifecycle.EMPTY.withStopSignal("SIGUSR1"))
            .withVolumeMounts(List.of(VolumeMount.builder().name("out").mountPath("/out").build()));
    cluster.create("signalled", spec(app).withVolumes(List.of(out(shared))));
    Pod pod = cluster.await("signalled", p -> Cluster.condition(p, "Ready"));
    assertThat(Cluster.status(pod, "app").stopSignal()).isEqualTo("SIGUSR1");
    Waiting.until(() -> "the trap is not set", () -> Files.exists(shared.resolve("set")));
    cluster.delete("signalled", 20);
    cluster.awaitGone("signalled");
    assertThat(shared.resolve("signal")).hasContent("usr1");
  }

  @Test
  void whatTheNodeCannotGiveIsRefusedInWords() throws InterruptedException {
    cluster.create(
        "strict",
        spec(shell("sleep 1"))
            .withSecurityContext(PodSecurityContext.EMPTY.withSupplementalGroupsPolicy("Strict")));
    Pod pod = cluster.awaitPhase("strict", "Failed");
    assertThat(pod.status().reason()).isEqualTo("SupplementalGroupsPolicyNotSupported");
    assertThat(pod.status().message()).contains("use Merge");
    assertThat(pod.status().containerStatuses()).as("nothing to wait for").isEmpty();

    Container readOnly =
        shell("sleep 1")
            .withVolumeMounts(
                List.of(
                    VolumeMount.builder()
                        .name("scratch")
                        .mountPath("/s")
                        .readOnly(true)
                        .recursiveReadOnly("Enabled")
                        .build()));
    Volume scratch = Volume.builder().name("scratch").emptyDir(EmptyDirVolumeSource.EMPTY).build();
    cluster.create("recursive", spec(readOnly).withVolumes(List.of(scratch)));
    cluster.await(
        "recursive",
        p ->
            !p.status().containerStatuses().isEmpty()
                && Cluster.waiting(p, "app").equals("CreateContainerConfigError"));
    cluster.delete("recursive", 1);
    cluster.awaitGone("recursive");
  }

  @Test
  void seLinuxLabelsAreHandedToTheRuntimeAndHarmNobodyWithoutSeLinux()
      throws InterruptedException, IOException {
    PodSecurityContext labelled =
        PodSecurityContext.EMPTY.withSeLinuxOptions(
            dev.kapell.api.core.v1.SELinuxOptions.builder().level("s0:c12,c34").build());
    assertThat(node.outcome("labelled", spec(shell("echo ran")).withSecurityContext(labelled)))
        .isEqualTo("ran\n");
  }

  @Test
  void logsAreReadByTailAndFollowed() throws InterruptedException, IOException {
    cluster.create(
        "talker",
        spec(shell("for i in 1 2 3; do echo line $i; done; sleep 1; echo last"))
            .withRestartPolicy("Never"));
    cluster.await(
        "talker",
        p -> !p.status().phaseOr("").isEmpty() && !p.status().phaseOr("").equals("Pending"));
    assertThat(node.log("talker", "?follow=true")).isEqualTo("line 1\nline 2\nline 3\nlast\n");
    assertThat(node.log("talker", "?tailLines=2")).isEqualTo("line 3\nlast\n");
    assertThat(node.log("talker", "?limitBytes=4")).isEqualTo("line");
  }

  @Test
  void aKilledContainerHealsAndARestartedAgentTouchesNothing()
      throws InterruptedException, IOException {
    cluster.create("steady", spec(shell("trap 'exit 1' TERM; sleep 3600 & wait")));
    Pod first = cluster.await("steady", p -> Cluster.condition(p, "Ready"));
    node.exec("steady", "kill", "-TERM", "1");
    Pod second =
        cluster.await(
            "steady",
            p -> Cluster.condition(p, "Ready") && Cluster.status(p, "app").restartCountOr(0) == 1);
    assertThat(second.status().podIP()).isEqualTo(first.status().podIP());
    cluster.restartAgent();
    Waiting.until(
        () -> "not adopted",
        () ->
            cluster
                .running()
                .pods()
                .find("default", "steady")
                .filter(r -> r.container("app", false).isPresent())
                .isPresent());
    assertThat(Cluster.status(cluster.pod("steady").orElseThrow(), "app").containerID())
        .isEqualTo(Cluster.status(second, "app").containerID());
  }

  @Test
  void aCommandRunsOverAWebSocket() throws InterruptedException {
    cluster.create("shell", spec(shell("sleep 3600")));
    cluster.await("shell", p -> Cluster.condition(p, "Ready"));
    String old =
        session(
            "/exec/default/shell/app?command=sh&command=-c&command=echo+hello%3B+exit+3&output=1&error=1",
            "v4.channel.k8s.io");
    assertThat(old).contains("1:hello\n").contains("ExitCode").contains("\"3\"");

    String ended =
        session(
            "/exec/default/shell/app?command=md5sum&input=1&output=1&error=1",
            "v5.channel.k8s.io",
            new byte[] {0, 'a'},
            new byte[] {0, 'b'},
            new byte[] {(byte) 255, 0});
    assertThat(ended)
        .as("the input ends, so the command does")
        .contains("1:187ef4436122d1cc2f40dc2b92f0eba0")
        .contains("3:{")
        .contains("\"Success\"");

    String failed =
        session(
            "/exec/default/shell/app?command=sh&command=-c&command=echo+no+%3E%262%3B+exit+9&output=1&error=1",
            "v5.channel.k8s.io");
    assertThat(failed).contains("2:no\n").contains("ExitCode").contains("\"9\"");
  }

  /** Everything that came, each message as {@code channel:text}. */
  private static String session(String path, String protocol, byte[]... messages)
      throws InterruptedException {
    StringBuilder output =
        new StringBuilder(); // callbacks come one at a time, the latch hands it over
    CountDownLatch closed = new CountDownLatch(1);
    URI uri = URI.create("ws://127.0.0.1:" + cluster.running().port() + path);
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public @Nullable CompletionStage<?> onBinary(
              WebSocket socket, ByteBuffer data, boolean last) {
            byte channel = data.get();
            output.append(channel).append(':').append(StandardCharsets.UTF_8.decode(data));
            socket.request(1);
            return null;
          }

          @Override
          public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.countDown();
            return null;
          }

          @Override
          public void onError(WebSocket socket, Throwable error) {
            closed.countDown();
          }
        };
    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket =
          client.newWebSocketBuilder().subprotocols(protocol).buildAsync(uri, listener).join();
      assertThat(socket.getSubprotocol()).isEqualTo(protocol);
      for (byte[] message : messages) {
        socket.sendBinary(ByteBuffer.wrap(message), true).join();
      }
      assertThat(closed.await(20, TimeUnit.SECONDS)).as(output.toString()).isTrue();
    }
    return output.toString();
  }
}
