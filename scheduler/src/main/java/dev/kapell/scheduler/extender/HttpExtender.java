package dev.kapell.scheduler.extender;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One of them, in the words of {@code kube-scheduler/extender/v1}. Thread-safe. */
final class HttpExtender {
  private static final System.Logger LOG = System.getLogger("kapell.scheduler");

  private final ExtenderOptions options;
  private final HttpClient http;

  HttpExtender(ExtenderOptions options, HttpClient http) {
    this.options = options;
    this.http = http;
  }

  boolean concerns(Pod pod) {
    return options.resources().isEmpty()
        || Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream())
            .anyMatch(this::asks);
  }

  private boolean asks(Container container) {
    var resources = container.resources();
    return resources != null
        && (resources.requests().keySet().stream().anyMatch(options.resources()::contains)
            || resources.limits().keySet().stream().anyMatch(options.resources()::contains));
  }

  boolean binds() {
    return !options.bindVerb().isEmpty();
  }

  /** The names of the nodes that are acceptable. */
  Optional<Set<String>> filter(Pod pod, List<Node> nodes) throws InterruptedException {
    if (options.filterVerb().isEmpty()) {
      return Optional.empty();
    }
    Optional<Map<?, ?>> answer =
        ask(options.filterVerb(), arguments(pod, nodes)).map(HttpExtender::object);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    checkError(answer.get());
    Set<String> names = new HashSet<>();
    if (answer.get().get("nodenames") instanceof List<?> listed) {
      listed.forEach(name -> names.add(String.valueOf(name)));
    } else if (answer.get().get("nodes") instanceof Map<?, ?> list
        && list.get("items") instanceof List<?> items) {
      items.forEach(item -> names.add(nameOf(item)));
    }
    return Optional.of(names);
  }

  private static String nameOf(@Nullable Object node) {
    return node instanceof Map<?, ?> map && map.get("metadata") instanceof Map<?, ?> meta
        ? String.valueOf(meta.get("name"))
        : "";
  }

  /** Points from 0 to 100 times its weight, by node. */
  Map<String, Double> prioritize(Pod pod, List<Node> nodes) throws InterruptedException {
    Map<String, Double> points = new HashMap<>();
    if (!options.prioritizeVerb().isEmpty()) {
      Optional<Object> answer = ask(options.prioritizeVerb(), arguments(pod, nodes));
      if (answer.isPresent() && answer.get() instanceof List<?> list) {
        for (Object item : list) {
          if (item instanceof Map<?, ?> map && map.get("score") instanceof Number score) {
            points.put(String.valueOf(map.get("host")), 10.0 * options.weight() * score.intValue());
          }
        }
      }
    }
    return points;
  }

  void bind(Pod pod, String node) throws InterruptedException {
    Optional<Object> answer =
        ask(
            options.bindVerb(),
            Map.of(
                "podName", pod.metadata().nameOr(""),
                "podNamespace", pod.metadata().namespaceOr(""),
                "podUID", pod.metadata().uidOr(""),
                "node", node));
    answer.map(HttpExtender::object).ifPresent(this::checkError);
  }

  private Map<String, Object> arguments(Pod pod, List<Node> nodes) {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("pod", tree(JsonCodec.toTree(Pod.CODEC, pod)));
    if (options.namesOnly()) {
      List<Object> names = new ArrayList<>();
      nodes.forEach(node -> names.add(node.metadata().nameOr("")));
      arguments.put("nodenames", names);
    } else {
      List<Object> items = new ArrayList<>();
      nodes.forEach(node -> items.add(tree(JsonCodec.toTree(Node.CODEC, node))));
      arguments.put("nodes", Map.of("metadata", Map.of(), "items", items));
    }
    return arguments;
  }

  private static Object tree(@Nullable Object tree) {
    return tree == null ? Map.of() : tree;
  }

  private static Map<?, ?> object(Object answer) {
    return answer instanceof Map<?, ?> map ? map : Map.of();
  }

  private void checkError(Map<?, ?> answer) {
    if (answer.get("error") instanceof String error && !error.isEmpty()) {
      throw new ExtenderException("extender " + options.prefix() + ": " + error);
    }
  }

  /** Empty when it does not answer and that may be. */
  private Optional<Object> ask(String verb, Map<String, Object> body) throws InterruptedException {
    URI address = options.at(verb);
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(options.patience())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JsonCodec.writeTree(body)))
            .build();
    try {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() == 200) {
        return Optional.ofNullable(JsonCodec.readTree(response.body()));
      }
      return without(address, "answered with status " + response.statusCode());
    } catch (IOException | DecodeException e) {
      return without(address, String.valueOf(e.getMessage()));
    }
  }

  private Optional<Object> without(URI address, String why) {
    if (!options.ignorable()) {
      throw new ExtenderException("extender " + address + ": " + why);
    }
    LOG.log(
        System.Logger.Level.WARNING, "extender does without address={0} cause={1}", address, why);
    return Optional.empty();
  }
}
