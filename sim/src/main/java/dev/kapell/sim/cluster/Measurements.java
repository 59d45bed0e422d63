package dev.kapell.sim.cluster;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.controllers.autoscaling.MetricsApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What autoscalers get to know: each running pod of an app does the same part of its load. */
final class Measurements implements MetricsApi {
  private static final String GROUP = "metrics.k8s.io";

  private final Client client;
  private final Site site;

  Measurements(Client client, Site site) {
    this.client = client;
    this.site = site;
  }

  @Override
  public boolean serves(String group, String version) {
    return group.equals(GROUP);
  }

  @Override
  public byte[] get(String group, String version, String path, Map<String, String> query) {
    String namespace = path.split("/", -1)[2];
    String selector = query.getOrDefault("labelSelector", "");
    List<Pod> running =
        client.list(Types.POD, ListQuery.in(namespace).labels(selector)).items().stream()
            .filter(pod -> pod.status().phaseOr("").equals("Running"))
            .toList();
    List<Object> items = new ArrayList<>();
    running.forEach(pod -> items.add(measured(pod, running.size())));
    return JsonCodec.writeTree(Map.of("items", items));
  }

  private Object measured(Pod pod, int shares) {
    int milli = site.load().of(pod.metadata().labels().getOrDefault("app", "")) / shares;
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("metadata", Map.of("name", pod.metadata().nameOr("")));
    item.put("timestamp", site.lane().now().toString());
    item.put("window", "15s");
    List<Object> containers = new ArrayList<>();
    pod.spec()
        .containers()
        .forEach(
            c -> containers.add(Map.of("name", c.nameOr(""), "usage", Map.of("cpu", milli + "m"))));
    item.put("containers", containers);
    return item;
  }

  @Override
  public String scrape(String address, int port, String path) throws IOException {
    throw new IOException("simulated pods answer nobody");
  }
}
