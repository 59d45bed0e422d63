package dev.kapell.blackbox.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Applies, patches, defaults and refusals, side by side with a real kube-apiserver 1.20.
 *
 * <p>Needs the peer's kubeconfig in {@code KAPELL_PEER_KUBECONFIG} (etcd and kube-apiserver alone:
 * controllers would change objects in between); Kapell is the server of {@code KAPELL_KUBECONFIG},
 * or one that is started for it. {@code KAPELL_PEER_SEED} chooses other generated cases than those
 * of the ten seeds, {@code KAPELL_PEER_CASE} cases by name. What the two versions do differently on
 * purpose is in {@link Since}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeerTest {
  private static final List<Long> SEEDS = LongStream.rangeClosed(1, 10).boxed().toList();

  private final List<AutoCloseable> open = new ArrayList<>();

  @TestFactory
  Stream<DynamicTest> bothServersGiveTheSameAnswers() throws Exception {
    String peerConfig = System.getenv("KAPELL_PEER_KUBECONFIG");
    assumeTrue(
        peerConfig != null,
        "no kube-apiserver to compare with: name its kubeconfig in KAPELL_PEER_KUBECONFIG");
    Api peer = new Api(Path.of(peerConfig));
    open.add(peer);
    Api ours = new Api(OwnServer.kubeconfig(open));
    open.add(ours);
    String seed = System.getenv("KAPELL_PEER_SEED");
    List<Long> seeds = seed == null ? SEEDS : List.of(Long.valueOf(seed));
    Since since = Since.read();
    SideBySide pair = new SideBySide(peer, ours, since);
    pair.prepare();
    String only = System.getenv().getOrDefault("KAPELL_PEER_CASE", "");
    Stream<DynamicTest> cases =
        scripts(seeds)
            .filter(script -> script.name().contains(only))
            .map(
                script ->
                    DynamicTest.dynamicTest(
                        script.name() + " " + script.title(), () -> run(pair, script)));
    DynamicTest rules =
        DynamicTest.dynamicTest(
            "every rule for a difference is needed", () -> assertThat(since.notNeeded()).isEmpty());
    open.add(
        () ->
            System.getLogger("kapell.peer")
                .log(Level.INFO, () -> "seeds " + seeds + ": " + pair.summary()));
    return only.isEmpty() && seeds.equals(SEEDS) ? Stream.concat(cases, Stream.of(rules)) : cases;
  }

  private static Stream<Script> scripts(List<Long> seeds) {
    return Stream.of(
            Table.read().stream(),
            Generated.badValues().stream(),
            seeds.stream().flatMap(seed -> new Generated(seed).histories().stream()))
        .flatMap(each -> each);
  }

  private static void run(SideBySide pair, Script script) {
    List<String> lines = pair.run(script);
    assertThat(lines)
        .as("case %s (%s):%n%s", script.name(), script.title(), script.lines())
        .isEmpty();
  }

  @AfterAll
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }
}
