package dev.kapell.node;

import dev.kapell.api.Types;
import dev.kapell.api.authentication.v1.BoundObjectReference;
import dev.kapell.api.authentication.v1.TokenRequest;
import dev.kapell.api.authentication.v1.TokenRequestSpec;
import dev.kapell.api.certificates.v1beta1.ClusterTrustBundle;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Secret;
import dev.kapell.api.core.v1.Service;
import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.node.config.PodFacts;
import dev.kapell.node.volume.VolumeSources;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads what pods refer to from the API: services from the cache, everything else as it is now. */
final class ApiSources implements VolumeSources {
  private final Client client;
  private final Cache<Service> services;
  private final Clock clock;

  ApiSources(Client client, Cache<Service> services, Clock clock) {
    this.client = client;
    this.services = services;
    this.clock = clock;
  }

  @Override
  public Optional<ConfigMap> configMap(String namespace, String name) {
    return client.find(Types.CONFIG_MAP, new ObjectKey(namespace, name));
  }

  @Override
  public Optional<Secret> secret(String namespace, String name) {
    return client.find(Types.SECRET, new ObjectKey(namespace, name));
  }

  @Override
  public List<Service> services(String namespace) {
    return services.in(namespace);
  }

  @Override
  public Optional<PersistentVolumeClaim> claim(String namespace, String name) {
    return client.find(Types.PERSISTENT_VOLUME_CLAIM, new ObjectKey(namespace, name));
  }

  @Override
  public Optional<PersistentVolume> volume(String name) {
    return client.find(Types.PERSISTENT_VOLUME, ObjectKey.cluster(name));
  }

  @Override
  public List<ClusterTrustBundle> trustBundles() {
    return client.list(Types.CLUSTER_TRUST_BUNDLE, ListQuery.ALL).items();
  }

  @Override
  public Token token(PodFacts pod, String audience, long seconds) {
    String account = pod.pod().spec().serviceAccountNameOr("default");
    TokenRequest request =
        TokenRequest.builder()
            .spec(
                TokenRequestSpec.builder()
                    .audiences(audience.isEmpty() ? List.of() : List.of(audience))
                    .expirationSeconds(seconds)
                    .boundObjectRef(
                        BoundObjectReference.builder()
                            .apiVersion("v1")
                            .kind("Pod")
                            .name(pod.name())
                            .uid(pod.uid())
                            .build())
                    .build())
            .build();
    TokenRequest answer =
        client.createSubresource(
            Types.SERVICE_ACCOUNT,
            new ObjectKey(pod.namespace(), account),
            "token",
            request,
            TokenRequest.CODEC);
    Instant expires = answer.status().expirationTimestamp();
    return new Token(
        answer.status().tokenOr(""), expires == null ? clock.now().plusSeconds(seconds) : expires);
  }
}
