package dev.kapell.apiserver.tracing;

import dev.kapell.apiserver.tree.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where traces go, and how many.
 *
 * @param collector the URL that spans are posted to
 * @param samplesPerMillion of requests whose sender does not decide it
 */
public record TracingOptions(URI collector, int samplesPerMillion) {
  private static final Set<String> VERSIONS =
      Set.of(
          "apiserver.config.k8s.io/v1",
          "apiserver.config.k8s.io/v1beta1",
          "apiserver.config.k8s.io/v1alpha1");
  private static final int MILLION = 1_000_000;
  private static final String DEFAULT_COLLECTOR = "http://localhost:4318";
  private static final String PATH = "/v1/traces";

  /**
   * Reads a {@code TracingConfiguration}; a {@link Settings.Invalid} says what to change.
   *
   * @throws IOException when it cannot be read
   */
  public static TracingOptions read(Path file) throws IOException {
    return parse(Settings.read(file, "TracingConfiguration", VERSIONS));
  }

  static TracingOptions parse(String source, String yaml) {
    return parse(Settings.parse(source, yaml, "TracingConfiguration", VERSIONS));
  }

  private static TracingOptions parse(Settings settings) {
    settings.only("apiVersion", "kind", "endpoint", "samplingRatePerMillion");
    return new TracingOptions(
        collector(settings), settings.number("samplingRatePerMillion", 0, MILLION, 0));
  }

  private static URI collector(Settings settings) {
    String endpoint = settings.text("endpoint");
    URI url;
    try {
      url = URI.create(endpoint.isEmpty() ? DEFAULT_COLLECTOR : endpoint);
    } catch (IllegalArgumentException e) {
      throw settings.invalid("endpoint", "is no URL: " + e.getMessage());
    }
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!web || url.getHost() == null || url.getRawUserInfo() != null) {
      throw settings.invalid(
          "endpoint",
          "must be the URL of a collector's OTLP over HTTP, for instance "
              + DEFAULT_COLLECTOR
              + "; OTLP over gRPC (host:4317) is not spoken");
    }
    boolean bare = url.getRawPath().isEmpty() || url.getRawPath().equals("/");
    return bare ? url.resolve(PATH) : url;
  }
}
