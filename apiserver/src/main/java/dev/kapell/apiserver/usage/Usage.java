package dev.kapell.apiserver.usage;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.computed.Computed;
import dev.kapell.apiserver.computed.Family;
import dev.kapell.apiserver.proxy.Agents;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Reader;
import dev.kapell.http.Reply;
import dev.kapell.http.Upstreams;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The resources behind {@code kubectl top}. A node that does not answer is left out. */
public final class Usage implements Computed {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final String GROUP = "metrics.k8s.io";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MAX_BYTES = 16 << 20;
  private static final String WINDOW = "15s";
  private static final List<String> VERBS = List.of("get", "list");
  private static final Family FAMILY = new Family(GROUP, "v1beta1");
  private static final Resource NODES = FAMILY.resource("NodeMetrics", "nodes", "", false, VERBS);
  private static final Resource PODS = FAMILY.resource("PodMetrics", "pods", "", true, VERBS);

  private final Reader reader;
  private final Agents agents;
  private final Upstreams upstreams;
  private final Clock clock;

  /** Asks {@code agents} through {@code upstreams}. */
  public Usage(Reader reader, Agents agents, Upstreams upstreams, Clock clock) {
    this.reader = reader;
    this.agents = agents;
    this.upstreams = upstreams;
    this.clock = clock;
  }

  @Override
  public List<Resource> resources() {
    return List.of(NODES, PODS);
  }

  @Override
  public Answer handle(ApiRequest request) {
    Target target = request.target();
    Resource resource = asked(request);
    LabelQuery labels = LabelQuery.parse(request.options().labelSelector());
    List<Map<String, Object>> found =
        resource.equals(NODES) ? nodes(target.name(), labels) : pods(target, labels);
    if (!target.name().isEmpty()) {
      if (found.isEmpty()) {
        throw Failures.notFound(
            GROUP, resource.kind().replace("Metrics", "") + "metrics", target.name());
      }
      return new Answer.Single(200, JsonCodec.writeTree(found.getFirst()), resource, List.of());
    }
    return new Answer.Listed(
        resource, found.stream().map(JsonCodec::writeTree).toList(), "", "", -1);
  }

  private List<Map<String, Object>> nodes(String name, LabelQuery labels) {
    List<Map<String, Object>> metrics = new ArrayList<>();
    for (Node node : reader.list(Types.NODE, ListQuery.ALL).items()) {
      String each = node.metadata().nameOr("");
      if ((name.isEmpty() || name.equals(each)) && labels.matches(node.metadata().labels())) {
        summary(each)
            .ifPresent(
                summary ->
                    metrics.add(
                        metric(
                            "NodeMetrics",
                            new ObjectKey("", each),
                            node.metadata().labels(),
                            summary.child("node"))));
      }
    }
    return metrics;
  }

  private List<Map<String, Object>> pods(Target target, LabelQuery labels) {
    Map<ObjectKey, Map<String, String>> known = new LinkedHashMap<>();
    Set<String> nodes = new TreeSet<>();
    reader
        .list(Types.POD, ListQuery.in(target.namespace()))
        .items()
        .forEach(
            pod -> {
              boolean wanted =
                  target.name().isEmpty() || target.name().equals(pod.metadata().nameOr(""));
              if (wanted && labels.matches(pod.metadata().labels())) {
                known.put(ObjectKey.of(pod), pod.metadata().labels());
                nodes.add(pod.spec().nodeNameOr(""));
              }
            });
    List<Map<String, Object>> metrics = new ArrayList<>();
    nodes.remove("");
    for (String node : nodes) {
      summary(node)
          .ifPresent(summary -> summary.items("pods").forEach(pod -> addPod(pod, known, metrics)));
    }
    return metrics;
  }

  private void addPod(
      Obj pod, Map<ObjectKey, Map<String, String>> known, List<Map<String, Object>> into) {
    Obj ref = pod.child("podRef");
    ObjectKey key = new ObjectKey(ref.text("namespace"), ref.text("name"));
    Map<String, String> labels = known.get(key);
    if (labels == null) {
      return;
    }
    List<Object> containers = new ArrayList<>();
    for (Obj container : pod.items("containers")) {
      containers.add(Obj.tree("name", container.text("name"), "usage", usage(container)));
    }
    Map<String, Object> metric = metric("PodMetrics", key, labels, pod);
    metric.remove("usage");
    metric.put("containers", containers);
    into.add(metric);
  }

  private Map<String, Object> metric(
      String kind, ObjectKey key, Map<String, String> labels, Obj stats) {
    Map<String, Object> metadata = Obj.tree("name", key.name());
    if (!key.namespace().isEmpty()) {
      metadata.put("namespace", key.namespace());
    }
    metadata.put("creationTimestamp", now());
    if (!labels.isEmpty()) {
      metadata.put("labels", new LinkedHashMap<>(labels));
    }
    String time = stats.child("cpu").text("time");
    return Obj.tree(
        "kind",
        kind,
        "apiVersion",
        GROUP + "/v1beta1",
        "metadata",
        metadata,
        "timestamp",
        time.isEmpty() ? now() : time,
        "window",
        WINDOW,
        "usage",
        usage(stats));
  }

  private String now() {
    return Instant.ofEpochSecond(clock.now().getEpochSecond()).toString();
  }

  private static Map<String, Object> usage(Obj stats) {
    return Obj.tree(
        "cpu", stats.child("cpu").number("usageNanoCores", 0) + "n",
        "memory", stats.child("memory").number("workingSetBytes", 0) / 1024 + "Ki");
  }

  private Optional<Obj> summary(String node) {
    try {
      Reply reply =
          upstreams.fetch(
              agents.of(node), "GET", "/stats/summary", new byte[0], MAX_BYTES, PATIENCE);
      if (reply.status() == 200 && JsonCodec.readTree(reply.body()) instanceof Map<?, ?> map) {
        @SuppressWarnings("unchecked") // JSON objects have text keys
        Map<String, Object> tree = (Map<String, Object>) map;
        return Optional.of(Obj.root(tree));
      }
      LOG.log(
          System.Logger.Level.DEBUG,
          "node {0} answered {1} to a question for its use",
          node,
          reply.status());
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "no answer from node " + node, e);
    }
    return Optional.empty();
  }
}
