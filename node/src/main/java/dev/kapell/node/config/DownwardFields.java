package dev.kapell.node.config;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ResourceFieldSelector;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import dev.kapell.node.plan.PodContainers;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a container may learn of its own pod (reference: Downward API). */
public final class DownwardFields {
  private DownwardFields() {}

  /** The value of a field path; throws {@link ConfigFailure} for a path that is not offered. */
  public static String field(PodFacts facts, String path) {
    var meta = facts.pod().metadata();
    if (path.endsWith("']")) {
      int open = path.indexOf("['");
      String key = path.substring(open + 2, path.length() - 2);
      return switch (path.substring(0, open)) {
        case "metadata.labels" -> meta.labels().getOrDefault(key, "");
        case "metadata.annotations" -> meta.annotations().getOrDefault(key, "");
        default -> throw unknown(path);
      };
    }
    return switch (path) {
      case "metadata.name" -> facts.name();
      case "metadata.namespace" -> facts.namespace();
      case "metadata.uid" -> facts.uid();
      case "metadata.labels" -> lines(meta.labels());
      case "metadata.annotations" -> lines(meta.annotations());
      case "spec.nodeName" -> facts.pod().spec().nodeNameOr("");
      case "spec.serviceAccountName" -> facts.pod().spec().serviceAccountNameOr("");
      case "status.hostIP" -> first(facts.node().hostIps());
      case "status.hostIPs" -> String.join(",", facts.node().hostIps());
      case "status.podIP" -> first(facts.podIps());
      case "status.podIPs" -> String.join(",", facts.podIps());
      default -> throw unknown(path);
    };
  }

  private static ConfigFailure unknown(String path) {
    return new ConfigFailure("unsupported fieldPath: " + path);
  }

  private static String first(java.util.List<String> values) {
    return values.isEmpty() ? "" : values.getFirst();
  }

  private static String lines(Map<String, String> map) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(map)
        .forEach(
            (key, value) ->
                text.append(text.isEmpty() ? "" : "\n")
                    .append(key)
                    .append('=')
                    .append(quoted(value)));
    return text.toString();
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        case '\r' -> text.append("\\r");
        default -> text.append(c);
      }
    }
    return text.append('"').toString();
  }

  /**
   * A request or limit in units of the divisor, rounded up; what is not limited is what the node
   * has.
   */
  public static String resource(
      PodFacts facts, ResourceFieldSelector selector, @Nullable Container self) {
    String name = selector.containerNameOr("");
    Container container =
        name.isEmpty() ? self : PodContainers.find(facts.pod(), name).orElse(null);
    if (container == null) {
      throw new ConfigFailure("container " + name + " not found");
    }
    String resource = selector.resourceOr("");
    int dot = resource.indexOf('.');
    String kind = dot < 0 ? "" : resource.substring(dot + 1);
    ResourceRequirements asked =
        container.resources() == null ? ResourceRequirements.EMPTY : container.resources();
    Quantity amount =
        switch (dot < 0 ? "" : resource.substring(0, dot)) {
          case "limits" -> asked.limits().getOrDefault(kind, capacity(facts.node(), kind));
          case "requests" ->
              asked.requests().getOrDefault(kind, asked.limits().getOrDefault(kind, Quantity.ZERO));
          default -> throw new ConfigFailure("unsupported container resource: " + resource);
        };
    Quantity divisor = selector.divisor();
    BigDecimal by = divisor == null || divisor.isZero() ? BigDecimal.ONE : divisor.amount();
    return amount.amount().divide(by, 0, RoundingMode.CEILING).toBigInteger().toString();
  }

  private static Quantity capacity(PodFacts.NodeFacts node, String kind) {
    return switch (kind) {
      case "cpu" -> Quantity.ofMilli(node.cpuMillis());
      case "memory" -> Quantity.of(node.memoryBytes());
      default -> Quantity.ZERO;
    };
  }
}
