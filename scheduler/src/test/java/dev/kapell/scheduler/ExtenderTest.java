package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.scheduler.choice.Verdicts;
import dev.kapell.scheduler.extender.ExtenderException;
import dev.kapell.scheduler.extender.ExtenderOptions;
import dev.kapell.scheduler.extender.HttpExtenders;
import dev.kapell.scheduler.profile.Profile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExtenderTest {
  private final Map<String, String> asked = new ConcurrentHashMap<>();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.put(
              path, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] body = answers.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(body.length == 0 ? 500 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private HttpExtenders extenders(boolean ignorable, String... resources) {
    return new HttpExtenders(
        List.of(
            new ExtenderOptions(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/x"),
                "filter",
                "prioritize",
                "bind",
                1,
                Duration.ofSeconds(10),
                true,
                Set.of(resources),
                ignorable)));
  }

  private static Optional<Integer> best(Scene scene, HttpExtenders extenders) throws Exception {
    Verdicts verdicts = new Verdicts(Profile.standard(), scene.view(), extenders);
    Pod pod = scene.pod("p");
    return verdicts.best(pod, scene.demand(pod)).row();
  }

  @Test
  void theAcceptableNodeWithTheMostPointsIsTaken() throws Exception {
    Scene scene = new Scene().node("a").node("b").node("c");
    answers.put("/x/filter", "{\"nodenames\":[\"b\",\"c\"]}");
    answers.put("/x/prioritize", "[{\"host\":\"c\",\"score\":10},{\"host\":\"b\",\"score\":1}]");
    assertThat(best(scene, extenders(false))).contains(2);
    assertThat(asked.get("/x/filter")).contains("\"nodenames\":[\"a\",\"b\",\"c\"]");
    answers.put("/x/filter", "{\"nodenames\":[]}");
    assertThat(best(scene, extenders(false))).isEmpty();
  }

  @Test
  void anErrorHoldsThePodUpUnlessItMayBeIgnored() throws Exception {
    Scene scene = new Scene().node("a");
    assertThatThrownBy(() -> best(scene, extenders(false)))
        .isInstanceOf(ExtenderException.class)
        .hasMessageContaining("status 500");
    assertThat(best(scene, extenders(true))).contains(0);
    answers.put("/x/filter", "{\"error\":\"no\"}");
    assertThatThrownBy(() -> best(scene, extenders(true))).hasMessageContaining("no");
  }

  @Test
  void podsThatDoNotConcernItAreNotTold() throws Exception {
    assertThat(best(new Scene().node("a"), extenders(false, "example.com/gpu"))).contains(0);
    assertThat(asked).isEmpty();
  }

  @Test
  void itBinds() throws Exception {
    Pod pod = new Scene().pod("p");
    answers.put("/x/bind", "{}");
    assertThat(extenders(false).bind(pod, "n")).isTrue();
    assertThat(asked.get("/x/bind")).contains("\"podName\":\"p\"").contains("\"node\":\"n\"");
  }
}
