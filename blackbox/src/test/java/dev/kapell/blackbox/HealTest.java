package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever is killed with -9 comes back, and what was not killed does not notice. */
@OwnsCluster
class HealTest {
  private static final int SECONDS = 90;
  private static Web web = new Web("heal", 30081);

  @BeforeAll
  static void start() {
    web = Web.start("heal", 30081, 2);
  }

  @AfterAll
  static void end() {
    web.close();
  }

  @Test
  void aKilledContainerIsStartedAgain() throws Exception {
    String pod = web.pods().keySet().iterator().next();
    String before = web.pods().get(pod);
    assertThat(container(pod).destroyForcibly()).isTrue();
    Kapell.eventually(
        SECONDS, () -> assertThat(web.pods().get(pod)).startsWith("true").isNotEqualTo(before));
    assertThat(Page.get(web.url())).contains("version");
  }

  @Test
  void aPodWhoseShimIsKilledComesBack() throws Exception {
    String pod = web.pods().keySet().iterator().next();
    String before = web.pods().get(pod);
    ProcessHandle shim = container(pod).parent().orElseThrow();
    assertThat(commandLine(shim)).contains("containerd-shim");
    assertThat(shim.destroyForcibly()).isTrue();
    Kapell.eventually(
        SECONDS, () -> assertThat(web.pods().get(pod)).startsWith("true").isNotEqualTo(before));
    Kapell.eventually(SECONDS, () -> assertThat(Page.tryGet(web.url())).contains("version"));
  }

  @Test
  void containerdIsStartedAgainAndNoPodNotices() throws Exception {
    allReady();
    Map<String, String> before = web.pods();
    Path pidFile = Kapell.dataDir().resolve("containerd/containerd.pid");
    ProcessHandle containerd = process(pidFile);
    assertThat(containerd.destroyForcibly()).isTrue();
    assertThat(Page.get(web.url())).contains("version");
    Kapell.eventually(
        SECONDS, () -> assertThat(process(pidFile).pid()).isNotEqualTo(containerd.pid()));
    String pod = before.keySet().iterator().next();
    Kapell.eventually(
        SECONDS,
        () -> assertThat(Kapell.kapell("exec", pod, "--", "echo", "hello").ok()).contains("hello"));
    assertThat(web.pods()).isEqualTo(before);
  }

  @Test
  void aKilledServerIsStartedAgainByItsSupervisor() throws Exception {
    allReady();
    Map<String, String> before = web.pods();
    ProcessHandle server = process(Kapell.dataDir().resolve("run/ready"));
    assertThat(server.destroyForcibly()).isTrue();
    Kapell.eventually(
        SECONDS,
        () ->
            assertThat(process(Kapell.dataDir().resolve("run/ready")).pid())
                .isNotEqualTo(server.pid()));
    Kapell.eventually(SECONDS, () -> assertThat(Kapell.kapell("status").code()).isZero());
    assertThat(web.pods()).isEqualTo(before);
  }

  @Test
  void whileKapellIsDeadThePodsServeOnAndAreAdoptedAfterwards() throws Exception {
    allReady();
    Map<String, String> before = web.pods();
    ProcessHandle supervisor = process(Kapell.dataDir().resolve("run/supervisor.pid"));
    ProcessHandle server = process(Kapell.dataDir().resolve("run/ready"));
    assertThat(supervisor.destroyForcibly()).isTrue();
    assertThat(server.destroyForcibly()).isTrue();
    server.onExit().get();
    for (int i = 0; i < 50; i++) {
      assertThat(Page.get(web.url())).contains("version");
    }
    assertThat(Kapell.kapell("status").refused()).contains("kapell up");
    Kapell.up();
    allReady();
    assertThat(web.pods()).isEqualTo(before);
    assertThat(Page.get(web.url())).contains("version");
  }

  private static void allReady() throws InterruptedException {
    Kapell.eventually(
        SECONDS,
        () -> assertThat(web.pods().values()).hasSize(2).allMatch(pod -> pod.startsWith("true")));
  }

  private static ProcessHandle process(Path pidFile) {
    try {
      return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip())).orElseThrow();
    } catch (IOException | java.util.NoSuchElementException e) {
      throw new AssertionError("no living process in " + pidFile, e);
    }
  }

  /**
   * The first process of the pod's container: of those in the pod's control groups, the parent of
   * which is the shim and that is no pause.
   */
  private static ProcessHandle container(String pod) {
    String group = "pod" + web.uid(pod);
    Optional<ProcessHandle> found =
        ProcessHandle.allProcesses()
            .filter(process -> read(process, "cgroup").contains(group))
            .filter(process -> commandLine(process).contains("httpd"))
            .filter(
                process ->
                    process
                        .parent()
                        .map(HealTest::commandLine)
                        .orElse("")
                        .contains("containerd-shim"))
            .findFirst();
    return found.orElseThrow(
        () -> new AssertionError("no process of " + pod + " in a control group " + group));
  }

  private static String commandLine(ProcessHandle process) {
    return read(process, "cmdline").replace('\0', ' ');
  }

  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc", "" + process.pid(), file));
    } catch (IOException e) {
      return ""; // it has just ended
    }
  }
}
