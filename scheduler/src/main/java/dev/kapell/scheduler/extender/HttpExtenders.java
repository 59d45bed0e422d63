package dev.kapell.scheduler.extender;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Programs that are asked over HTTP, one after the other. Thread-safe. */
public final class HttpExtenders implements Extenders {
  private final List<HttpExtender> all;

  /** Asks these, in this order. */
  public HttpExtenders(List<ExtenderOptions> options) {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    this.all = options.stream().map(one -> new HttpExtender(one, http)).toList();
  }

  private List<HttpExtender> concernedBy(Pod pod) {
    return all.stream().filter(one -> one.concerns(pod)).toList();
  }

  @Override
  public boolean concern(Pod pod) {
    return all.stream().anyMatch(one -> one.concerns(pod));
  }

  @Override
  public void filter(Pod pod, Candidates candidates) throws InterruptedException {
    for (HttpExtender extender : concernedBy(pod)) {
      List<Node> nodes = nodes(candidates);
      Optional<Set<String>> names =
          nodes.isEmpty() ? Optional.empty() : extender.filter(pod, nodes);
      names.ifPresent(
          kept ->
              candidates.keep(
                  IntStream.range(0, nodes.size())
                      .filter(i -> kept.contains(nodes.get(i).metadata().nameOr("")))
                      .toArray()));
    }
  }

  @Override
  public void prioritize(Pod pod, Candidates candidates) throws InterruptedException {
    List<Node> nodes = nodes(candidates);
    for (HttpExtender extender : concernedBy(pod)) {
      Map<String, Double> points = extender.prioritize(pod, nodes);
      for (int i = 0; i < nodes.size(); i++) {
        candidates.add(i, points.getOrDefault(nodes.get(i).metadata().nameOr(""), 0.0));
      }
    }
  }

  private static List<Node> nodes(Candidates candidates) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < candidates.count(); i++) {
      nodes.add(candidates.node(i));
    }
    return nodes;
  }

  @Override
  public boolean bind(Pod pod, String node) throws InterruptedException {
    for (HttpExtender extender : concernedBy(pod)) {
      if (extender.binds()) {
        extender.bind(pod, node);
        return true;
      }
    }
    return false;
  }
}
