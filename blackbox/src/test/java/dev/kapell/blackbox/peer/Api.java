package dev.kapell.blackbox.peer;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server that speaks the Kubernetes API. */
final class Api implements AutoCloseable {
  private static final int SECONDS_TO_ESTABLISH = 10;

  private final KubernetesClient client;

  /** The server of a kubeconfig. */
  Api(Path kubeconfig) {
    try {
      Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
      config.setUserAgent("side-by-side/1.0 (test)");
      config.setRequestRetryBackoffLimit(0);
      client = new KubernetesClientBuilder().withConfig(config).build();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the kubeconfig " + kubeconfig, e);
    }
  }

  /**
   * An answer.
   *
   * @param code of HTTP
   * @param body parsed
   * @param warnings the texts of the headers
   */
  record Reply(int code, Map<String, Object> body, List<String> warnings) {}

  @SuppressWarnings("unchecked") // answers are objects
  Reply send(Call call) {
    HttpRequest.Builder request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(URI.create(client.getMasterUrl().toString().replaceAll("/$", "") + call.path()))
            .setHeader("Accept", "application/json");
    if (call.contentType().isEmpty()) {
      request = request.method(call.method(), null, null);
    } else {
      request = request.method(call.method(), call.contentType(), call.body());
    }
    HttpResponse<String> response =
        client.getHttpClient().sendAsync(request.build(), String.class).join();
    Map<String, Object> body = Serialization.unmarshal(response.body(), Map.class);
    return new Reply(response.code(), body, response.headers().getOrDefault("Warning", List.of()));
  }

  /** Watches a definition until its kind is served; throws when that takes too long. */
  void awaitEstablished(String definition) {
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(definition)
        .waitUntilCondition(Api::isEstablished, SECONDS_TO_ESTABLISH, TimeUnit.SECONDS);
  }

  private static boolean isEstablished(@Nullable CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }

  @Override
  public void close() {
    client.close();
  }
}
