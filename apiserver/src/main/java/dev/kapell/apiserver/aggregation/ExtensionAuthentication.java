package dev.kapell.apiserver.aggregation;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.apiserver.authentication.FrontProxy;
import dev.kapell.apiserver.follow.Follower;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells the servers behind this one whom to believe: keeps the ConfigMap {@code
 * kube-system/extension-apiserver-authentication} true until closed, whoever changes or deletes it.
 */
public final class ExtensionAuthentication implements AutoCloseable {
  /** The name in the client certificate that vouches for the headers. */
  public static final String CLIENT_NAME = "front-proxy-client";

  private static final ObjectKey KEY =
      new ObjectKey("kube-system", "extension-apiserver-authentication");

  private final Client client;
  private final Supplier<Map<String, String>> data;
  private final Follower follower;

  /**
   * Writes through {@code client}; {@link #start} begins.
   *
   * @param data what it says now; asked again whenever it is looked at
   */
  public ExtensionAuthentication(Client client, Clock clock, Supplier<Map<String, String>> data) {
    this.client = client;
    this.data = data;
    this.follower = new Follower(client, clock, "extension-authentication");
  }

  /**
   * What it says. Servers behind believe this server, and whom this server believes.
   *
   * @param clientCaPem who signs the certificates of clients
   * @param ownCaPem who signs the certificate that this server shows to others
   */
  public static Map<String, String> data(
      String clientCaPem, String ownCaPem, Optional<FrontProxy> proxy) {
    Set<String> names = new LinkedHashSet<>();
    boolean anyName = proxy.isPresent() && proxy.get().names().isEmpty();
    if (!anyName) {
      names.add(CLIENT_NAME);
      proxy.ifPresent(believed -> names.addAll(believed.names()));
    }
    String authorities = ownCaPem + proxy.map(FrontProxy::caPem).orElse("");
    return Map.of(
        "client-ca-file",
        clientCaPem,
        "requestheader-client-ca-file",
        authorities,
        "requestheader-allowed-names",
        json(names),
        "requestheader-username-headers",
        json(proxy.map(FrontProxy::userHeaders), RemoteIdentity.USER),
        "requestheader-uid-headers",
        json(proxy.map(FrontProxy::uidHeaders), RemoteIdentity.UID),
        "requestheader-group-headers",
        json(proxy.map(FrontProxy::groupHeaders), RemoteIdentity.GROUP),
        "requestheader-extra-headers-prefix",
        json(proxy.map(FrontProxy::extraPrefixes), RemoteIdentity.EXTRA));
  }

  /** Those of the proxy, then the one that this server uses. */
  private static String json(Optional<List<String>> given, String own) {
    Set<String> all = new LinkedHashSet<>(given.orElse(List.of()));
    if (all.stream().noneMatch(own::equalsIgnoreCase)) {
      all.add(own);
    }
    return json(all);
  }

  private static String json(Set<String> texts) {
    return new String(JsonCodec.writeTree(new ArrayList<>(texts)), StandardCharsets.UTF_8);
  }

  /** Returns when it is true; then keeps it so. */
  public void start() {
    follower.follow(
        Types.CONFIG_MAP,
        ListQuery.in(KEY.namespace()).fields("metadata.name=" + KEY.name()),
        new Follower.Sink<ConfigMap>() {
          @Override
          public void reset(List<ConfigMap> all) {
            if (all.isEmpty()) {
              create();
            } else {
              all.forEach(this::put);
            }
          }

          @Override
          public void put(ConfigMap found) {
            require(found);
          }

          @Override
          public void remove(ObjectKey key) {
            create();
          }
        });
  }

  /** Makes it say what is true now. */
  public void refresh() {
    client.find(Types.CONFIG_MAP, KEY).ifPresentOrElse(this::require, this::create);
  }

  private void require(ConfigMap found) {
    if (!found.data().entrySet().containsAll(data.get().entrySet())) {
      mend(found);
    }
  }

  private void create() {
    ObjectMeta metadata = ObjectMeta.builder().name(KEY.name()).namespace(KEY.namespace()).build();
    ConfigMap whole = ConfigMap.builder().metadata(metadata).data(data.get()).build();
    unlessLate(() -> client.create(Types.CONFIG_MAP, whole));
  }

  private void mend(ConfigMap found) {
    if (Boolean.TRUE.equals(found.immutable())) {
      unlessLate(() -> client.delete(Types.CONFIG_MAP, KEY, DeleteOptions.EMPTY));
      return;
    }
    Map<String, String> mended = new HashMap<>(found.data());
    mended.putAll(data.get());
    unlessLate(() -> client.update(Types.CONFIG_MAP, found.withData(mended)));
  }

  /** When somebody else wrote first, their change leads back here. */
  private static void unlessLate(Runnable write) {
    try {
      write.run();
    } catch (ApiFailure failure) {
      if (!failure.isConflict() && !failure.isNotFound() && !failure.isAlreadyExists()) {
        throw failure;
      }
    }
  }

  @Override
  public void close() {
    follower.close();
  }
}
