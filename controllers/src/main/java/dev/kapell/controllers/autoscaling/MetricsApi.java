package dev.kapell.controllers.autoscaling;

import dev.kapell.api.meta.v1.Status;
import dev.kapell.client.ApiFailure;
import java.io.IOException;
import java.util.Map;

/**
 * Where metrics come from: {@code metrics.k8s.io} and its relatives, whoever serves them, and the
 * pods themselves. Thread-safe; blocking.
 */
public interface MetricsApi {
  /** Nobody measures anything. */
  MetricsApi NONE =
      new MetricsApi() {
        @Override
        public boolean serves(String group, String version) {
          return false;
        }

        @Override
        public byte[] get(String group, String version, String path, Map<String, String> query) {
          throw new ApiFailure(
              Status.builder()
                  .status("Failure")
                  .code(404)
                  .reason("NotFound")
                  .message("nobody serves " + group)
                  .build());
        }

        @Override
        public String scrape(String address, int port, String path) throws IOException {
          throw new IOException("nobody asks pods");
        }
      };

  /** Whether this or another server serves the version of the group now. */
  boolean serves(String group, String version);

  /**
   * The JSON that a GET below {@code /apis/GROUP/VERSION} answers. Throws {@link
   * dev.kapell.client.ApiFailure} when it is refused.
   *
   * @param path with its leading slash
   */
  byte[] get(String group, String version, String path, Map<String, String> query);

  /**
   * What a pod answers to {@code GET http://address:port/path}, in Prometheus' text form.
   *
   * @throws IOException with a sentence when there is no such answer in time
   */
  String scrape(String address, int port, String path) throws IOException;
}
