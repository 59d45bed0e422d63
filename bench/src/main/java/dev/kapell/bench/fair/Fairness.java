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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * {@code Fairness KUBECONFIG PORT PID KUBECONFIG PORT PID [SECONDS [WORK]]}: how much slower a
 * polite client's requests are beside a greedy one with 300 callers, by work and by flow. Clients
 * live on other machines than their servers; here they have other processors, once the servers are
 * warm, where the machine has several. The second server shares those of the first: what as greedy
 * a client there costs the polite one here is the machine's doing. Prints a table.
 */
public final class Fairness {
  /** Alone and beside in turn, so that what else the machine does meets both. */
  private static final int SPELLS = 4;

  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final String BOUND = "system:serviceaccount:kube-system:polite";

  private final Place here;
  private final Place elsewhere;
  private final Callers.Span span;

  private Fairness(Place here, Place elsewhere, Duration span) {
    this.here = here;
    this.elsewhere = elsewhere;
    this.span = () -> Clock.system().sleep(span.dividedBy(SPELLS));
  }

  /** A server. */
  record Place(Path kubeconfig, int port, String pid) {
    private static Place of(String... arguments) {
      return new Place(Path.of(arguments[0]), Integer.parseInt(arguments[1]), arguments[2]);
    }

    private SSLContext tls() throws IOException, java.security.GeneralSecurityException {
      return PemTls.context(KubeconfigFile.read(kubeconfig));
    }

    private Callers callers(String user)
        throws IOException, java.security.GeneralSecurityException {
      return new Callers(tls(), port, user);
    }
  }

  /** See above; with last arguments {@code greedy WORK}, the greedy client alone. */
  public static void main(String[] arguments) throws Exception {
    Place here = Place.of(arguments);
    if (arguments[3].equals("greedy")) {
      Greedy.run(here.callers("greedy"), Callers.Work.valueOf(arguments[4]));
      return;
    }
    Place elsewhere = Place.of(Arrays.copyOfRange(arguments, 3, 6));
    Duration span = Duration.ofSeconds(arguments.length > 6 ? Long.parseLong(arguments[6]) : 4);
    prepare(here);
    prepare(elsewhere);
    new Fairness(here, elsewhere, span)
        .table(
            arguments.length > 7
                ? new Callers.Work[] {Callers.Work.valueOf(arguments[7].toUpperCase(Locale.ROOT))}
                : Callers.Work.values());
  }

  private static void prepare(Place place) throws Exception {
    try (Wire wire = new Wire(place.tls(), place.port())) {
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
        "| polite client, beside "
            + Greedy.CALLERS
            + " greedy callers | alone | beside, elsewhere | beside, here | here to alone"
            + " | here to elsewhere | median | p99 | the greedy client got |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    for (Callers.Work work : works) { // a young server's compiler takes what fairness cannot give
      for (Place place : List.of(here, elsewhere)) {
        place.callers("greedy").run(work, 32, new Gate(true), () -> Clock.system().sleep(WARM_UP));
      }
    }
    Processors.part(List.of(here.pid(), elsewhere.pid()));
    for (Callers.Work work : works) {
      for (int callers : new int[] {1, 8}) {
        row("same level, another user", "polite", work, callers);
      }
      row("another level", BOUND, work, 1);
    }
  }

  private void row(String flow, String user, Callers.Work work, int callers) throws Exception {
    Callers polite = here.callers(user);
    List<Got> alone = new ArrayList<>();
    List<Got> apart = new ArrayList<>();
    List<Got> beside = new ArrayList<>();
    try (Greedy greedy = new Greedy(here, work);
        Greedy other = new Greedy(elsewhere, work)) {
      for (int i = 0; i < SPELLS; i++) {
        alone.add(polite.run(work, callers, new Gate(true), span));
        other.go();
        apart.add(polite.run(work, callers, new Gate(true), span));
        other.halt();
        greedy.go();
        beside.add(polite.run(work, callers, new Gate(true), span));
        greedy.halt();
      }
      String who =
          "%s, %d caller%s, %s"
              .formatted(
                  work.name().toLowerCase(Locale.ROOT), callers, callers == 1 ? "" : "s", flow);
      print(who, List.of(Got.of(alone), Got.of(apart), Got.of(beside)), greedy.end());
    }
  }

  /** What the polite client got alone, beside the greedy one elsewhere, and here. */
  private static void print(String who, List<Got> polite, String greedyGot) {
    Got alone = polite.get(0);
    Got apart = polite.get(1);
    Got beside = polite.get(2);
    long refused = polite.stream().mapToLong(Got::refused).sum();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f/s | %.0f/s | %.0f/s | %.1f × | %.1f × | %s ms | %s ms%s | %s |%n",
        who,
        alone.perSecond(),
        apart.perSecond(),
        beside.perSecond(),
        alone.perSecond() / beside.perSecond(),
        apart.perSecond() / beside.perSecond(),
        millis(polite, 50),
        millis(polite, 99),
        refused == 0 ? "" : ", " + refused + " refused",
        greedyGot);
  }

  private static String millis(List<Got> spells, double percent) {
    return spells.stream()
        .map(got -> "%.1f".formatted(got.millis(percent)))
        .collect(Collectors.joining(" → "));
  }
}
