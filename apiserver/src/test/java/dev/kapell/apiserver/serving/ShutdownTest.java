package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import dev.kapell.store.SqliteStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is stopped and started again while clients write, read and watch. */
class ShutdownTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int CALLERS = 6;

  @TempDir private Path folder;
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Set<String> written = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean over = new AtomicBoolean();
  private final CountDownLatch again = new CountDownLatch(1);
  private final CountDownLatch busy = new CountDownLatch(60);

  private Store open() {
    return SqliteStore.open(folder.resolve("state.db"), StoreOptions.defaults());
  }

  private ApiServer start(Store store, int port, Duration delay) throws IOException {
    Operations operations =
        Operations.defaults().withShutdown(new ShutdownOptions(delay, Duration.ofSeconds(30)));
    return ApiServer.start(
        new ApiServerOptions(
                folder.resolve("keys"),
                "127.0.0.1",
                port,
                "127.0.0.1",
                List.of(),
                store,
                Clock.system(),
                Randomness.secure())
            .with(operations));
  }

  private static HttpRequest.Builder to(String url, String path) {
    return HttpRequest.newBuilder(URI.create(url + path));
  }

  /** Writes and reads what it wrote; waits while nobody listens. */
  private void call(HttpClient client, String url, String name) throws Exception {
    for (int i = 0; !over.get(); i++) {
      String own = name + "-" + i;
      String map = "{\"metadata\":{\"name\":\"%s\"}}".formatted(own);
      try {
        HttpResponse<String> made =
            client.send(
                to(url, MAPS).POST(HttpRequest.BodyPublishers.ofString(map)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        written.add(own);
        busy.countDown();
        HttpResponse<String> read =
            client.send(to(url, MAPS + "/" + own).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
      } catch (ConnectException | SSLHandshakeException nobodyListens) {
        again.await();
      }
    }
  }

  @Test
  void nothingIsLostAndNobodyIsCutOff() throws Exception {
    try (TaskScope tasks = new TaskScope("test", (_, cause) -> failures.add(cause));
        Store store = open()) {
      ApiServer first = start(store, 0, Duration.ofSeconds(1));
      String url = first.url();
      SSLContext tls = Served.tls(first, first.pki().admin());
      CountDownLatch ended = new CountDownLatch(CALLERS);
      for (int i = 0; i < CALLERS; i++) {
        HttpClient client =
            HttpClient.newBuilder()
                .version(i % 2 == 0 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .build();
        String name = "caller" + i;
        tasks.start(
            name,
            () -> {
              try (client) {
                call(client, url, name);
              } finally {
                ended.countDown();
              }
            });
      }
      CountDownLatch watchEnded = new CountDownLatch(1);
      HttpClient watcher = HttpClient.newBuilder().sslContext(tls).build();
      tasks.start(
          "watch",
          () -> {
            try (BufferedReader lines = watch(watcher, url)) {
              while (lines.readLine() != null) {
                // until it ends, which is no error
              }
              watchEnded.countDown();
            }
          });
      assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
      CountDownLatch drained = new CountDownLatch(1);
      tasks.start(
          "drain",
          () -> {
            first.drain();
            drained.countDown();
          });
      awaitUnready(watcher, url);
      assertThat(drained.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(watchEnded.await(10, TimeUnit.SECONDS)).isTrue();
      first.close();
      try (ApiServer second = start(store, first.port(), Duration.ZERO)) {
        again.countDown();
        over.set(true);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).isEmpty();
        HttpResponse<String> list =
            watcher.send(to(url, MAPS).build(), HttpResponse.BodyHandlers.ofString());
        for (String name : written) {
          assertThat(list.body()).contains("\"" + name + "\"");
        }
        assertThat(second.port()).isEqualTo(first.port());
      } finally {
        watcher.close();
      }
    }
  }

  private static BufferedReader watch(HttpClient client, String url) throws Exception {
    return new BufferedReader(
        new InputStreamReader(
            client
                .send(
                    to(url, MAPS + "?watch=true").build(),
                    HttpResponse.BodyHandlers.ofInputStream())
                .body(),
            StandardCharsets.UTF_8));
  }

  /** While the server still serves, it says that it is not ready. */
  private static void awaitUnready(HttpClient client, String url) throws Exception {
    HttpResponse<String> ready;
    do {
      ready = client.send(to(url, "/readyz").build(), HttpResponse.BodyHandlers.ofString());
    } while (ready.statusCode() == 200);
    assertThat(ready.body()).contains("[-]shutdown failed", "readyz check failed");
    assertThat(
            client
                .send(to(url, "/livez").build(), HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }
}
