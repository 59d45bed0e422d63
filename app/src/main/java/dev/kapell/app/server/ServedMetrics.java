package dev.kapell.app.server;

import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.serving.InProcessReads;
import dev.kapell.controllers.autoscaling.MetricsApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The metrics that the API server of this process serves, or passes on, to autoscalers. */
record ServedMetrics(InProcessReads reads) implements MetricsApi {
  /** Whom other servers see, and give rights to. */
  private static final User AUTOSCALER =
      new User(
          "system:serviceaccount:kube-system:horizontal-pod-autoscaler",
          "",
          List.of(
              "system:serviceaccounts",
              "system:serviceaccounts:kube-system",
              "system:authenticated"),
          Map.of());

  @Override
  public boolean serves(String group, String version) {
    return reads.serves(group, version);
  }

  @Override
  public byte[] get(String group, String version, String path, Map<String, String> query) {
    return reads.get(AUTOSCALER, group, version, path, query);
  }

  @Override
  public String scrape(String address, int port, String path) throws IOException {
    return reads.page(address, port, path);
  }
}
