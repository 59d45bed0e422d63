package dev.kapell.network.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ObjectKey;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What load balancers hear of this node's pods. */
class HealthPortsTest {
  private final HealthPorts ports = new HealthPorts("n1");
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;

  @BeforeEach
  void choose() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void close() {
    client.shutdownNow();
    ports.close();
  }

  private Service service(String type, String policy) {
    return Service.builder()
        .metadata(ObjectMeta.builder().namespace("shop").name("web").build())
        .spec(
            ServiceSpec.builder()
                .type(type)
                .externalTrafficPolicy(policy)
                .healthCheckNodePort(port)
                .build())
        .build();
  }

  /** Each is {@code NODE ADDRESS ready|not}. */
  private static List<EndpointSlice> slices(String... endpoints) {
    List<Endpoint> made = new ArrayList<>();
    for (String text : endpoints) {
      String[] words = text.split(" ", -1);
      made.add(
          Endpoint.builder()
              .nodeName(words[0])
              .addresses(List.of(words[1]))
              .conditions(EndpointConditions.builder().ready(words[2].equals("ready")).build())
              .build());
    }
    return List.of(EndpointSlice.builder().addressType("IPv4").endpoints(made).build());
  }

  private void update(String... endpoints) {
    ports.update(List.of(service("LoadBalancer", "Local")), key -> slices(endpoints));
  }

  private HttpResponse<String> ask() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/healthz");
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aNodeWithReadyPodsIsHealthyForTheService() throws Exception {
    update("n1 10.42.0.5 ready", "n1 10.42.0.6 ready", "n1 10.42.0.7 not", "n2 10.42.1.5 ready");
    HttpResponse<String> answer = ask();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"service\":{\"namespace\":\"shop\",\"name\":\"web\"},\"localEndpoints\":2,"
                + "\"serviceProxyHealthy\":true}");
    assertThat(answer.headers().firstValue("X-Load-Balancing-Endpoint-Weight")).contains("2");
  }

  @Test
  void aNodeWithoutReadyPodsIsNot() throws Exception {
    update("n1 10.42.0.5 ready");
    assertThat(ask().statusCode()).isEqualTo(200);
    update("n1 10.42.0.5 not", "n2 10.42.1.5 ready");
    assertThat(ask().statusCode()).isEqualTo(503);
    assertThat(ask().body()).contains("\"localEndpoints\":0");
  }

  @Test
  void thePortIsFreeAgainWhenTheServiceIsGone() throws Exception {
    update("n1 10.42.0.5 ready");
    ask();
    ports.update(List.of(), key -> List.of());
    assertThatThrownBy(this::ask).isInstanceOf(ConnectException.class);
  }

  @Test
  void aPortThatSomebodyElseHasIsTriedAgain() throws Exception {
    try (ServerSocket other = new ServerSocket(port)) {
      update("n1 10.42.0.5 ready");
      assertThat(other.isBound()).isTrue();
    }
    update("n1 10.42.0.5 ready");
    assertThat(ask().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"LoadBalancer, Cluster", "NodePort, Local", "ClusterIP, ''"})
  void noOtherServiceIsPublished(String type, String policy) {
    assertThat(
            HealthPorts.decide(
                List.of(service(type, policy)),
                (ObjectKey key) -> slices("n1 10.42.0.5 ready"),
                "n1"))
        .isEmpty();
  }
}
