package dev.kapell.apiserver.serving;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.apiserver.aggregation.Aggregation;
import dev.kapell.apiserver.computed.Computed;
import dev.kapell.apiserver.computed.MergedCatalog;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Headers;
import dev.kapell.http.Reply;
import dev.kapell.http.Upstream;
import dev.kapell.http.Upstreams;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What others in this process read without HTTP to this server: computed resources, those of other
 * servers, and pages of pods. Nobody checks rights here. Thread-safe; blocking.
 */
public final class InProcessReads {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int MAX_BYTES = 4 << 20;

  private final MergedCatalog local;
  private final Aggregation aggregation;
  private final Upstreams upstreams;

  InProcessReads(MergedCatalog local, Aggregation aggregation, Upstreams upstreams) {
    this.local = local;
    this.aggregation = aggregation;
    this.upstreams = upstreams;
  }

  /** Whether the version of the group is served, by this server or another one. */
  public boolean serves(String group, String version) {
    return aggregation.serves(group, version)
        || local.all().stream()
            .anyMatch(each -> each.group().equals(group) && each.version().equals(version));
  }

  /**
   * What a GET of a computed resource, or of another server's, answers in JSON; throws {@link
   * ApiFailure} when it is refused.
   *
   * @param user as whom another server is asked
   * @param path below the version, with its leading slash, not escaped
   */
  public byte[] get(
      User user, String group, String version, String path, Map<String, String> query) {
    String escaped = "/apis/" + group + "/" + version + escaped(path);
    if (aggregation.serves(group, version)) {
      return remote(aggregation.read(group, version, escaped + query(query), user));
    }
    Target target =
        RequestPath.parse(escaped).map(RequestPath::target).orElseThrow(Failures::unknownPath);
    Computed computed =
        local.computing(group, version, target.resource()).orElseThrow(Failures::unknownPath);
    Map<String, List<String>> options =
        query.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> List.of(each.getValue())));
    ApiRequest request =
        new ApiRequest(
            target.name().isEmpty() ? Verb.LIST : Verb.GET,
            target,
            user,
            RequestOptions.parse(options),
            RequestBody.NONE);
    return ask(computed, request);
  }

  private static byte[] ask(Computed computed, ApiRequest request) {
    try {
      return switch (computed.handle(request)) {
        case Answer.Single single -> single.json();
        case Answer.Listed listed -> ListWriter.whole(listed);
        case Answer.Watching _, Answer.Connect _ -> throw Failures.unknownPath();
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.unavailable("the caller was interrupted");
    }
  }

  private static byte[] remote(Reply reply) {
    if (reply.status() == 200) {
      return reply.body();
    }
    throw failure(reply).orElseGet(() -> Failures.unavailable("answered " + reply.status()));
  }

  private static Optional<ApiFailure> failure(Reply reply) {
    try {
      return Optional.of(new ApiFailure(JsonCodec.decode(Status.CODEC, reply.body())));
    } catch (DecodeException e) {
      return Optional.empty(); // Not in Kubernetes' form: its number is all there is.
    }
  }

  /**
   * What {@code http://address:port/path} answers, as text.
   *
   * @throws IOException with a sentence when it is not 200, too long, or does not come in time
   */
  public String page(String address, int port, String path) throws IOException {
    if (!path.matches("/[!-~]*")) {
      throw new IOException("a path begins with / and has no blanks: " + path);
    }
    Upstreams.Call call =
        new Upstreams.Call(
            "GET",
            path,
            Headers.of("Accept", "text/plain;version=0.0.4").and("User-Agent", "kapell"),
            new byte[0]);
    Reply reply =
        upstreams.call(new Upstream(address, port, Optional.empty()), call, MAX_BYTES, LIMIT);
    if (reply.status() != 200) {
      throw new IOException("http://" + address + ":" + port + path + " answers " + reply.status());
    }
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static String escaped(String path) {
    return java.util.Arrays.stream(path.split("/", -1))
        .map(part -> encoded(part).replace("%2A", "*"))
        .collect(Collectors.joining("/"));
  }

  private static String query(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : query.entrySet().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
