package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Bytes;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Secret;
import dev.kapell.api.core.v1.ServiceAccount;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.ManualClock;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authority's certificate nears its end while the server runs. */
class AuthorityTest {
  private static final ObjectKey TOLD =
      new ObjectKey("kube-system", "extension-apiserver-authentication");
  private static final ObjectKey TOKEN = new ObjectKey("kube-system", "token");

  @TempDir private Path keys;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-21T12:00:00Z"));

  @Test
  void whoWasToldOfItIsToldOfTheOneSignedAnew() throws Exception {
    try (Served served = new Served(keys, Operations.defaults(), clock)) {
      ApiServer server = served.server;
      Client client = server.client(User.SYSTEM, "test");
      createToken(client);
      String before = server.pki().caPem();
      while (!inSecret(client).equals(before)) {
        Thread.onSpinWait();
      }
      assertThat(inConfigMap(client)).isEqualTo(before);
      clock.advance(Duration.ofDays(8 * 365 + 200));
      while (inConfigMap(client).equals(before) || inSecret(client).equals(before)) {
        clock.advance(Duration.ofHours(12)); // whenever the renewing thread gets to sleep
      }
      assertThat(server.pki().caPem()).isNotEqualTo(before);
      assertThat(inConfigMap(client)).isEqualTo(server.pki().caPem());
      assertThat(inSecret(client)).isEqualTo(server.pki().caPem());
    }
  }

  private static void createToken(Client client) {
    client.create(
        Types.SERVICE_ACCOUNT,
        ServiceAccount.builder()
            .metadata(ObjectMeta.builder().namespace("kube-system").name("robot").build())
            .build());
    client.create(
        Types.SECRET,
        Secret.builder()
            .metadata(
                ObjectMeta.builder()
                    .namespace(TOKEN.namespace())
                    .name(TOKEN.name())
                    .annotations(Map.of("kubernetes.io/service-account.name", "robot"))
                    .build())
            .type("kubernetes.io/service-account-token")
            .build());
  }

  private static String inConfigMap(Client client) {
    ConfigMap told = client.get(Types.CONFIG_MAP, TOLD);
    return told.data().getOrDefault("client-ca-file", "");
  }

  private static String inSecret(Client client) {
    return client
        .find(Types.SECRET, TOKEN)
        .map(secret -> secret.data().get("ca.crt"))
        .map(Bytes::utf8)
        .orElse("");
  }
}
