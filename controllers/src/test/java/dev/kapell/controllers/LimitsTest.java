package dev.kapell.controllers;

import dev.kapell.api.IntOrString;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ResourceQuota;
import dev.kapell.api.core.v1.ResourceQuotaSpec;
import dev.kapell.api.policy.v1.PodDisruptionBudget;
import dev.kapell.api.policy.v1.PodDisruptionBudgetSpec;
import dev.kapell.api.resource.Quantity;
import dev.kapell.controllers.world.Make;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Quotas and disruption budgets over what controllers make. */
class LimitsTest extends ClusterTest {
  @Test
  void whatControllersMakeCountsForAQuotaAndABudget() throws Exception {
    client.create(
        Types.RESOURCE_QUOTA,
        ResourceQuota.builder()
            .metadata(Make.meta("quota"))
            .spec(
                ResourceQuotaSpec.builder()
                    .hard(Map.of("pods", Quantity.of(10), "count/replicasets.apps", Quantity.of(9)))
                    .build())
            .build());
    client.create(
        Types.POD_DISRUPTION_BUDGET,
        PodDisruptionBudget.builder()
            .metadata(Make.meta("budget"))
            .spec(
                PodDisruptionBudgetSpec.builder()
                    .selector(Make.selector("web"))
                    .maxUnavailable(IntOrString.of(1))
                    .build())
            .build());
    client.create(Types.DEPLOYMENT, web(3));
    awaitReady("web:1", 3);
    await(
        "usage",
        () -> {
          var used = client.get(Types.RESOURCE_QUOTA, key("quota")).status().used();
          return Objects.equals(used.get("pods"), Quantity.of(3))
              && Objects.equals(used.get("count/replicasets.apps"), Quantity.of(1));
        });
    await(
        "one may go",
        () ->
            client.get(Types.POD_DISRUPTION_BUDGET, key("budget")).status().disruptionsAllowedOr(0)
                == 1);
  }
}
