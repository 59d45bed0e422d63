package dev.kapell.apiserver.authorization;

import dev.kapell.api.Types;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.rbac.v1.AggregationRule;
import dev.kapell.api.rbac.v1.ClusterRole;
import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fills cluster roles that gather the rules of others by label. */
public final class RoleAggregation {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

  private final Client client;

  RoleAggregation(Client client) {
    this.client = client;
  }

  /** Writes each gathering role among {@code all} whose rules are not what they should be. */
  void refresh(Collection<ClusterRole> all) {
    for (ClusterRole role : all) {
      AggregationRule rule = role.aggregationRule();
      if (rule == null) {
        continue;
      }
      List<PolicyRule> rules = gather(rule, role, all);
      if (!rules.equals(role.rules())) {
        write(role.withRules(rules));
      }
    }
  }

  private void write(ClusterRole role) {
    try {
      client.update(Types.CLUSTER_ROLE, role);
    } catch (ApiFailure failure) {
      // Somebody else wrote first: their change comes through the watch and leads back here.
      LOG.log(
          failure.isConflict() || failure.isNotFound()
              ? System.Logger.Level.DEBUG
              : System.Logger.Level.WARNING,
          "cannot fill the cluster role " + role.metadata().nameOr(""),
          failure);
    }
  }

  /** The rules of the roles among {@code all} that {@code rule} selects, but for {@code target}. */
  public static List<PolicyRule> gather(
      AggregationRule rule, ClusterRole target, Collection<ClusterRole> all) {
    Set<PolicyRule> rules = new LinkedHashSet<>();
    List<ClusterRole> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(role -> role.metadata().nameOr("")));
    for (ClusterRole role : sorted) {
      boolean other = !role.metadata().nameOr("").equals(target.metadata().nameOr(""));
      if (other
          && rule.clusterRoleSelectors().stream()
              .anyMatch(selector -> matches(selector, role.metadata().labels()))) {
        rules.addAll(role.rules());
      }
    }
    return List.copyOf(rules);
  }

  private static boolean matches(LabelSelector selector, Map<String, String> labels) {
    return LabelQuery.exactly(selector.matchLabels()).matches(labels);
  }
}
