package dev.kapell.scheduler.device;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.NodeSelectorRequirement;
import dev.kapell.api.core.v1.NodeSelectorTerm;
import dev.kapell.api.resource.v1.AllocationResult;
import dev.kapell.api.resource.v1.DeviceAllocationConfiguration;
import dev.kapell.api.resource.v1.DeviceAllocationResult;
import dev.kapell.api.resource.v1.DeviceClaimConfiguration;
import dev.kapell.api.resource.v1.DeviceClassConfiguration;
import dev.kapell.api.resource.v1.DeviceRequestAllocationResult;
import dev.kapell.control.match.NodeSelection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a claim's status says of the devices chosen for it. Pure. */
final class Allotment {
  private Allotment() {}

  /** Of the picks of one claim, on a node that can use all of them. */
  static AllocationResult of(ClaimAsk claim, List<Search.Pick> picks, Node node) {
    List<DeviceRequestAllocationResult> results = new ArrayList<>();
    Map<String, Ask> asks = new TreeMap<>();
    for (Search.Pick pick : picks) {
      asks.put(pick.request(), pick.ask());
      results.add(result(pick));
    }
    return AllocationResult.builder()
        .devices(
            DeviceAllocationResult.builder().results(results).config(config(claim, asks)).build())
        .nodeSelector(nodes(picks, node))
        .build();
  }

  private static DeviceRequestAllocationResult result(Search.Pick pick) {
    DeviceId id = pick.offer().id();
    return DeviceRequestAllocationResult.builder()
        .request(pick.ask().name())
        .driver(id.driver())
        .pool(id.pool())
        .device(id.device())
        .adminAccess(pick.ask().admin() ? Boolean.TRUE : null)
        .tolerations(pick.ask().tolerations())
        .build();
  }

  /** What the classes say, then what the claim says of requests that are fulfilled this way. */
  private static List<DeviceAllocationConfiguration> config(ClaimAsk claim, Map<String, Ask> asks) {
    List<DeviceAllocationConfiguration> all = new ArrayList<>();
    for (ClaimAsk.Request request : claim.requests()) {
      Ask ask = asks.get(request.name());
      if (ask != null) {
        for (DeviceClassConfiguration config : ask.type().spec().config()) {
          all.add(
              DeviceAllocationConfiguration.builder()
                  .source("FromClass")
                  .requests(List.of(ask.name()))
                  .opaque(config.opaque())
                  .build());
        }
      }
    }
    Set<String> names = new LinkedHashSet<>(asks.keySet());
    asks.values().forEach(ask -> names.add(ask.name()));
    for (DeviceClaimConfiguration config : claim.devices().config()) {
      if (config.requests().isEmpty() || config.requests().stream().anyMatch(names::contains)) {
        all.add(
            DeviceAllocationConfiguration.builder()
                .source("FromClaim")
                .requests(config.requests())
                .opaque(config.opaque())
                .build());
      }
    }
    return all;
  }

  /** The nodes that can use all of the devices; null for every node. */
  private static @Nullable NodeSelector nodes(List<Search.Pick> picks, Node node) {
    Set<NodeSelectorRequirement> labels = new LinkedHashSet<>();
    Set<NodeSelectorRequirement> fields = new LinkedHashSet<>();
    for (Search.Pick pick : picks) {
      Offer.Reach reach = pick.offer().reach();
      if (!reach.node().isEmpty()) {
        return selector(List.of(), List.of(isNamed(reach.node())));
      }
      NodeSelector selector = reach.selector();
      if (selector != null) {
        // Of several terms the one by which this node came into question.
        selector.nodeSelectorTerms().stream()
            .filter(term -> NodeSelection.matches(term, node))
            .findFirst()
            .ifPresent(
                term -> {
                  labels.addAll(term.matchExpressions());
                  fields.addAll(term.matchFields());
                });
      }
    }
    return labels.isEmpty() && fields.isEmpty()
        ? null
        : selector(List.copyOf(labels), List.copyOf(fields));
  }

  private static NodeSelectorRequirement isNamed(String node) {
    return NodeSelectorRequirement.builder()
        .key("metadata.name")
        .operator("In")
        .values(List.of(node))
        .build();
  }

  private static NodeSelector selector(
      List<NodeSelectorRequirement> labels, List<NodeSelectorRequirement> fields) {
    return NodeSelector.builder()
        .nodeSelectorTerms(
            List.of(
                NodeSelectorTerm.builder().matchExpressions(labels).matchFields(fields).build()))
        .build();
  }
}
