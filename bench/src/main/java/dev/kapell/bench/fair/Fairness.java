package dev.kapell.bench.fair;

import dev.kapell.base.Clock;
import dev.kapell.bench.wire.Sample;
import dev.kapell.bench.wire.Wire;
import dev.kapell.client.http.KubeconfigFile;
import dev.kapell.client.http.PemTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/**
 * {@code Fairness KUBECONFIG PORT [SECONDS [WORK]]}: how much slower a polite client's requests are
 * beside a greedy one with 300 callers, by work and by flow. Prints a table.
 */
public final class Fairness {
  /** Alone and beside in turn, so that what else the machine does meets both. */
  private static final int SPELLS = 4;

  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final String BOUND = "system:serviceaccount:kube-system:polite";

  private final Path kubeconfig;
  private final SSLContext tls;
  private final int port;
  private final Callers.Span span;

  private Fairness(Path kubeconfig, int port, Duration span)
      throws java.security.GeneralSecurityException, IOException {
    this.kubeconfig = kubeconfig;
    this.tls = PemTls.context(KubeconfigFile.read(kubeconfig));
    this.port = port;
    this.span = () -> Clock.system().sleep(span.dividedBy(SPELLS));
  }

  /** See above; with third arguments {@code greedy WORK}, the greedy client alone. */
  public static void main(String[] arguments) throws Exception {
    Path kubeconfig = Path.of(arguments[0]);
    int port = Integer.parseInt(arguments[1]);
    if (arguments.length > 3 && arguments[2].equals("greedy")) {
      SSLContext tls = PemTls.context(KubeconfigFile.read(kubeconfig));
      Callers callers = new Callers(tls, port, "greedy");
      Callers.Work work = Callers.Work.valueOf(arguments[3]);
      Greedy.run(callers, work);
      return;
    }
    Duration span = Duration.ofSeconds(arguments.length > 2 ? Long.parseLong(arguments[2]) : 4);
    Fairness fairness = new Fairness(kubeconfig, port, span);
    fairness.prepare();
    fairness.table(
        arguments.length > 3
            ? new Callers.Work[] {Callers.Work.valueOf(arguments[3].toUpperCase(Locale.ROOT))}
            : Callers.Work.values());
  }

  private void prepare() throws IOException {
    try (Wire wire = new Wire(tls, port)) {
      for (String namespace : List.of("fair", "many")) {
        post(wire, "/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
      }
      for (String user : List.of("polite", "greedy", BOUND)) {
        post(
            wire,
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            """
            {"metadata":{"generateName":"fair-"},
             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"%s"}]}"""
                .formatted(user));
      }
      String data = "x".repeat(1000);
      post(
          wire,
          "/api/v1/namespaces/fair/configmaps",
          "{\"metadata\":{\"name\":\"read\"},\"data\":{\"k\":\"" + data + "\"}}");
      for (int i = 0; i < 500; i++) {
        post(
            wire,
            "/api/v1/namespaces/many/configmaps",
            "{\"metadata\":{\"generateName\":\"m-\"},\"data\":{\"k\":\"" + data + "\"}}");
      }
    }
  }

  private static void post(Wire wire, String path, String body) throws IOException {
    wire.send(
        new Sample(
            "POST",
            path,
            List.of("Content-Type: application/json"),
            body.getBytes(StandardCharsets.UTF_8),
            false));
  }

  private void table(Callers.Work... works) throws Exception {
    System.out.println(
        "| polite client | same work alone | beside "
            + Greedy.CALLERS
            + " greedy callers | factor | median | p99 | the greedy client got |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Callers.Work work : works) { // a young server's compiler takes what fairness cannot give
      new Callers(tls, port, "greedy")
          .run(work, 32, new Gate(true), () -> Clock.system().sleep(WARM_UP));
      for (int callers : new int[] {1, 8}) {
        row("same level, another user", "polite", work, callers);
      }
      row("another level", BOUND, work, 1);
    }
  }

  private void row(String flow, String user, Callers.Work work, int callers) throws Exception {
    Callers polite = new Callers(tls, port, user);
    List<Got> alone = new ArrayList<>();
    List<Got> beside = new ArrayList<>();
    try (Greedy greedy = new Greedy(kubeconfig, port, work)) {
      for (int i = 0; i < SPELLS; i++) {
        alone.add(polite.run(work, callers, new Gate(true), span));
        greedy.go();
        beside.add(polite.run(work, callers, new Gate(true), span));
        greedy.halt();
      }
      String who =
          "%s, %d caller%s, %s"
              .formatted(
                  work.name().toLowerCase(Locale.ROOT), callers, callers == 1 ? "" : "s", flow);
      print(who, Got.of(alone), Got.of(beside), greedy.end());
    }
  }

  private static void print(String who, Got alone, Got beside, String greedyGot) {
    long refused = alone.refused() + beside.refused();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f/s | %.0f/s | %.1f × | %.1f → %.1f ms | %.1f → %.1f ms%s | %s |%n",
        who,
        alone.perSecond(),
        beside.perSecond(),
        alone.perSecond() / beside.perSecond(),
        alone.millis(50),
        beside.millis(50),
        alone.millis(99),
        beside.millis(99),
        refused == 0 ? "" : ", " + refused + " refused",
        greedyGot);
  }
}
