package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.apiserver.access.Access;
import dev.kapell.apiserver.authentication.FrontProxy;
import dev.kapell.apiserver.pki.ClusterPki;
import dev.kapell.apiserver.pki.Issued;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Settings;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy in front of the server that says who callers are. */
class FrontProxyTest {
  private static final ObjectKey TOLD =
      new ObjectKey("kube-system", "extension-apiserver-authentication");

  @TempDir static Path keys;
  @TempDir static Path proxyKeys;
  @TempDir static Path strangerKeys;
  private static ClusterPki proxies;
  private static Served served;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    proxies = ClusterPki.open(proxyKeys, Clock.system(), Randomness.secure());
    served = new Served(keys, believing(proxies.frontProxyCaPem(), List.of("the-proxy", "other")));
    client = served.server.client(User.SYSTEM, "test");
  }

  private static Operations believing(String caPem, List<String> names) {
    return Operations.defaults()
        .withAccess(
            Access.DEFAULT.withFrontProxy(
                new FrontProxy(
                    caPem,
                    names,
                    List.of("X-Who", "X-Remote-User"),
                    List.of("X-Remote-Uid"),
                    List.of("X-Remote-Group"),
                    List.of("X-Remote-Extra-"))));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static HttpResponse<String> who(@Nullable Issued identity, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        served
            .to("/apis/authentication.k8s.io/v1/selfsubjectreviews")
            .headers(headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    try (HttpClient sender = HttpClient.newBuilder().sslContext(served.tls(identity)).build()) {
      return sender.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void theProxySaysWhoCallersAre() throws Exception {
    String body =
        who(
                proxies.frontProxyClient("the-proxy"),
                "X-Remote-User",
                "ann",
                "X-Remote-Uid",
                "42",
                "X-Remote-Group",
                "dev",
                "X-Remote-Group",
                "ops",
                "X-Remote-Extra-Acme.com%2Fteam+x",
                "one")
            .body();
    assertThat(body)
        .contains(
            "\"username\":\"ann\"",
            "\"uid\":\"42\"",
            "[\"dev\",\"ops\",\"system:authenticated\"]",
            "\"acme.com/team+x\":[\"one\"]");
    assertThat(
            who(proxies.frontProxyClient("the-proxy"), "X-Remote-User", "b", "X-Who", "a").body())
        .contains("\"username\":\"a\"");
  }

  @ParameterizedTest
  @CsvSource({
    "proxy without a word of the user, 401, Unauthorized",
    "nobody, 403, system:anonymous",
    "client of the cluster, 201, kubernetes-admin",
    "client of the cluster with the name of the proxy, 201, the-proxy",
  })
  void nobodyElseDoes(String sender, int status, String expected) throws Exception {
    HttpResponse<String> answer =
        switch (sender) {
          case "nobody" -> who(null, "X-Remote-User", "ann", "X-Remote-Group", "system:masters");
          case "client of the cluster" ->
              who(served.server.pki().admin(), "X-Remote-User", "ann", "X-Who", "ann");
          case "client of the cluster with the name of the proxy" ->
              who(
                  served.server.pki().client("same-name", "the-proxy", List.of()),
                  "X-Remote-User",
                  "ann");
          default -> who(proxies.frontProxyClient("the-proxy"), "X-Remote-Group", "system:masters");
        };
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(expected).doesNotContain("\"ann\"");
  }

  @Test
  void aCertificateWithAnotherNameIsNoProxy() throws Exception {
    Path elsewhere = strangerKeys.resolve("copy");
    java.nio.file.Files.createDirectories(elsewhere);
    for (String file : List.of("front-proxy-ca.crt", "front-proxy-ca.key")) {
      java.nio.file.Files.copy(proxyKeys.resolve(file), elsewhere.resolve(file));
    }
    Issued stranger =
        ClusterPki.open(elsewhere, Clock.system(), Randomness.secure()).frontProxyClient("third");
    assertThat(who(stranger, "X-Remote-User", "ann").statusCode()).isEqualTo(401);
  }

  @Test
  void serversBehindAreToldAndStayTold() throws Exception {
    Map<String, String> told = client.get(Types.CONFIG_MAP, TOLD).data();
    assertThat(told)
        .containsEntry(
            "requestheader-allowed-names", "[\"front-proxy-client\",\"the-proxy\",\"other\"]")
        .containsEntry("requestheader-username-headers", "[\"X-Who\",\"X-Remote-User\"]")
        .containsEntry("client-ca-file", served.server.pki().caPem());
    assertThat(told.get("requestheader-client-ca-file"))
        .contains(served.server.pki().frontProxyCaPem(), proxies.frontProxyCaPem());
    client.delete(Types.CONFIG_MAP, TOLD, DeleteOptions.EMPTY);
    await(() -> isTold(told));
    ConfigMap known = client.get(Types.CONFIG_MAP, TOLD);
    client.update(Types.CONFIG_MAP, known.withData(Map.of("mine", "1")).withImmutable(true));
    await(() -> isTold(told));
  }

  private static boolean isTold(Map<String, String> data) {
    return client
        .find(Types.CONFIG_MAP, TOLD)
        .map(found -> found.data().equals(data))
        .orElse(false);
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void theAuthorityOfClientsMayNotVouchForAnybody() {
    String clientCa = served.server.pki().caPem();
    assertThatThrownBy(() -> new Served(keys, believing(clientCa, List.of())))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageContaining("--requestheader-allowed-names");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nonsense", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"})
  void authoritiesThatAreNoneAreRefused(String pem) {
    assertThatThrownBy(() -> believing(pem, List.of()))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageStartingWith("--requestheader-client-ca-file: ");
  }
}
