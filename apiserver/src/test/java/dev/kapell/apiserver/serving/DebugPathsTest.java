package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators ask of a running server. */
class DebugPathsTest {
  private static final String VERBOSITY = "/debug/flags/v";
  private static final String THREADS = "/debug/pprof/goroutine?debug=2";

  @TempDir private static Path keys;
  private static Served served;

  @BeforeAll
  static void start() throws Exception {
    served = new Served(keys);
  }

  @AfterAll
  static void stop() throws Exception {
    set("0");
    served.close();
  }

  private static HttpResponse<String> set(String body) throws Exception {
    return served.send(served.to(VERBOSITY).PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Test
  void stacksTellWhatAllThreadsDoAlsoTheVirtualOnes() throws Exception {
    HttpResponse<String> stacks = served.get(THREADS);
    assertThat(stacks.statusCode()).isEqualTo(200);
    assertThat(stacks.body())
        .contains("dev.kapell.apiserver.serving.DebugPaths", "virtual", "flow-control");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/debug/pprof/goroutine", "/debug/pprof/goroutine?debug=1", THREADS + "&debug=1"})
  void otherFormsOfStacksAreRefused(String path) throws Exception {
    HttpResponse<String> refused = served.get(path);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("?debug=2");
  }

  @ParameterizedTest
  @CsvSource({"6, FINER", "5, FINE", "4, FINE", "3, INFO", "0, INFO"})
  void theLogIsAsVerboseAsTold(String number, String level) throws Exception {
    HttpResponse<String> done = set(number);
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.body()).isEqualTo("successfully set klog.logging.verbosity to " + number);
    assertThat(Logger.getLogger("kapell").getLevel()).isEqualTo(Level.parse(level));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "much", "4.5", "9999", "٤"})
  void whatIsNoVerbosityIsRefused(String body) throws Exception {
    assertThat(set(body).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/debug/", "/debug/pprof/heap", VERBOSITY})
  void whatIsNotServedIsNotFound(String path) throws Exception {
    assertThat(served.get(path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {THREADS, "/debug/api_priority_and_fairness/dump_queues"})
  void whoHasNoRightToThePathIsSentAway(String path) throws Exception {
    assertThat(served.send(served.to(path).header("Impersonate-User", "bob")).statusCode())
        .isEqualTo(403);
    assertThat(served.asNobody(served.to(path)).statusCode()).isIn(401, 403);
  }
}
