package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@SharesCluster
class HelloTest {
  private static final Pattern POD = Pattern.compile("pod (hello-[a-z0-9-]+)");

  @Test
  void upServesThePageFromAllThreePodsAndTheSecondUpChangesNothing() throws Exception {
    String printed = Kapell.up(Kapell.root().resolve("examples/hello").toString());
    assertThat(printed).contains("http://127.0.0.1:30080/");

    Set<String> pods = new TreeSet<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (int i = 0; i < 100; i++) {
        pods.add(answeringPod(http));
      }
    }
    assertThat(pods).as("pods that answered 100 requests").hasSize(3);

    String again = Kapell.up(Kapell.root().resolve("examples/hello").toString());
    assertThat(again).doesNotContain("configured").doesNotContain("created").contains("unchanged");
    assertThat(Kapell.kapell("exec", "deploy/hello", "--", "hostname").ok().strip()).isIn(pods);
    assertThat(Kapell.kapell("exec", "svc/hello", "--", "hostname").ok().strip()).isIn(pods);
    Kapell.kapell("logs", "deploy/hello").ok();
    assertThat(Kapell.kapell("exec", "deploy/nope", "--", "true").refused())
        .contains("\"nope\" not found");
    Kapell.kapell("delete", Kapell.root().resolve("examples/hello").toString()).ok();
  }

  private static String answeringPod(HttpClient http) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:30080/"))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    String page = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    Matcher matcher = POD.matcher(page);
    assertThat(matcher.find()).as("the page names its pod: %s", page).isTrue();
    return matcher.group(1);
  }
}
