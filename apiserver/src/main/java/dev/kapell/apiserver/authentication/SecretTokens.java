package dev.kapell.apiserver.authentication;

import dev.kapell.api.Bytes;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Secret;
import dev.kapell.api.core.v1.ServiceAccount;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.apiserver.follow.Follower;
import dev.kapell.apiserver.request.TokenIssuer;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Fills Secrets of the type {@code kubernetes.io/service-account-token} with a token that does not
 * expire, but dies with the Secret and its account; and removes those whose account is gone.
 */
public final class SecretTokens implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final String TYPE = "kubernetes.io/service-account-token";
  private static final String NAME = "kubernetes.io/service-account.name";
  private static final String UID = "kubernetes.io/service-account.uid";

  private final TokenIssuer issuer;
  private final Client client;
  private final Supplier<String> caPem;
  private final Follower follower;

  /**
   * {@link #start} begins.
   *
   * @param caPem of the authority as it is now, for those who use the token
   */
  public SecretTokens(TokenIssuer issuer, Client client, Supplier<String> caPem, Clock clock) {
    this.issuer = issuer;
    this.client = client;
    this.caPem = caPem;
    this.follower = new Follower(client, clock, "secret-tokens");
  }

  /** Looks at every Secret, then follows them and the accounts that go. */
  public void start() {
    follower.follow(
        Types.SECRET,
        new Follower.Sink<Secret>() {
          @Override
          public void reset(List<Secret> all) {
            all.forEach(this::put);
          }

          @Override
          public void put(Secret secret) {
            if (secret.typeOr("").equals(TYPE)) {
              handle(secret);
            }
          }

          @Override
          public void remove(ObjectKey key) {
            // its token is no longer good
          }
        });
  }

  /** Looks at every Secret again. */
  public void refresh() {
    ListQuery tokens = ListQuery.ALL.fields("type=" + TYPE);
    client.list(Types.SECRET, tokens).items().forEach(this::handle);
  }

  private void handle(Secret secret) {
    String name = secret.metadata().annotations().getOrDefault(NAME, "");
    String uid = secret.metadata().annotations().getOrDefault(UID, "");
    String namespace = secret.metadata().namespaceOr("");
    try {
      Optional<ServiceAccount> account =
          client.find(Types.SERVICE_ACCOUNT, new ObjectKey(namespace, name));
      String present = account.map(found -> found.metadata().uidOr("")).orElse("");
      if (account.isEmpty() || (!uid.isEmpty() && !uid.equals(present))) {
        client.delete(Types.SECRET, ObjectKey.of(secret), DeleteOptions.EMPTY);
      } else if (!isFilled(secret)) {
        client.update(Types.SECRET, filled(secret, name, present));
      }
    } catch (ApiFailure failure) {
      // Somebody else wrote first: their change leads back here.
      LOG.log(
          failure.isConflict() || failure.isNotFound()
              ? System.Logger.Level.DEBUG
              : System.Logger.Level.WARNING,
          "secret " + namespace + "/" + secret.metadata().nameOr("") + " gets no token",
          failure);
    }
  }

  private boolean isFilled(Secret secret) {
    return secret.data().containsKey("token")
        && secret.data().containsKey("namespace")
        && Objects.equals(secret.data().get("ca.crt"), Bytes.ofUtf8(caPem.get()))
        && secret.metadata().annotations().containsKey(UID);
  }

  private Secret filled(Secret secret, String account, String uid) {
    String namespace = secret.metadata().namespaceOr("");
    Map<String, Bytes> data = new HashMap<>(secret.data());
    data.put("ca.crt", Bytes.ofUtf8(caPem.get()));
    data.put("namespace", Bytes.ofUtf8(namespace));
    if (!data.containsKey("token")) {
      TokenIssuer.Bound bound =
          new TokenIssuer.Bound(
              "Secret", secret.metadata().nameOr(""), secret.metadata().uidOr(""));
      TokenIssuer.Order order =
          new TokenIssuer.Order(
              namespace, account, uid, List.of(), 0, Optional.of(bound), Optional.empty());
      data.put("token", Bytes.ofUtf8(issuer.issue(order).jwt()));
    }
    Map<String, String> annotations = new HashMap<>(secret.metadata().annotations());
    annotations.put(UID, uid);
    return secret.withData(data).withMetadata(secret.metadata().withAnnotations(annotations));
  }

  @Override
  public void close() {
    follower.close();
  }
}
