package dev.kapell.apiserver.aggregation;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the servers behind this one whom to believe: the ConfigMap {@code
 * kube-system/extension-apiserver-authentication}.
 */
public final class ExtensionAuthentication {
  /** The name in the client certificate that vouches for the headers. */
  public static final String CLIENT_NAME = "front-proxy-client";

  private static final String NAMESPACE = "kube-system";
  private static final String NAME = "extension-apiserver-authentication";

  private ExtensionAuthentication() {}

  /**
   * Writes it, unless it says so already.
   *
   * @param clientCaPem who signs the certificates of clients
   * @param frontProxyCaPem who signs the certificate that this server shows to others
   */
  public static void publish(Client client, String clientCaPem, String frontProxyCaPem) {
    Map<String, String> data =
        Map.of(
            "client-ca-file",
            clientCaPem,
            "requestheader-client-ca-file",
            frontProxyCaPem,
            "requestheader-allowed-names",
            "[\"" + CLIENT_NAME + "\"]",
            "requestheader-username-headers",
            "[\"" + RemoteIdentity.USER + "\"]",
            "requestheader-uid-headers",
            "[\"" + RemoteIdentity.UID + "\"]",
            "requestheader-group-headers",
            "[\"" + RemoteIdentity.GROUP + "\"]",
            "requestheader-extra-headers-prefix",
            "[\"" + RemoteIdentity.EXTRA + "\"]");
    Optional<ConfigMap> known = client.find(Types.CONFIG_MAP, new ObjectKey(NAMESPACE, NAME));
    if (known.isEmpty()) {
      ObjectMeta metadata = ObjectMeta.builder().name(NAME).namespace(NAMESPACE).build();
      client.create(Types.CONFIG_MAP, ConfigMap.builder().metadata(metadata).data(data).build());
    } else if (!known.get().data().equals(data)) {
      client.update(Types.CONFIG_MAP, known.get().withData(data));
    }
  }
}
