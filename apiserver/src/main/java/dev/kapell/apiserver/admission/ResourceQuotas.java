package dev.kapell.apiserver.admission;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Refuses what would exceed a quota of the namespace, counting what is there now. The used amounts
 * in the quota's status are the quota controller's; this plugin trusts only what it counts itself.
 */
final class ResourceQuotas implements Admission {
  @Override
  public void admit(Attempt attempt, Obj object) {
    if (!attempt.create()
        || !attempt.resource().namespaced()
        || !attempt.request().target().subresource().isEmpty()) {
      return;
    }
    String namespace = attempt.request().target().namespace();
    List<Obj> quotas = attempt.lookup().list("resourcequotas", namespace);
    if (quotas.isEmpty()) {
      return;
    }
    String resource = attempt.resource().qualifiedName();
    Map<String, Quantity> added = QuotaUsage.of(resource, object);
    for (Obj quota : quotas) {
      if (QuotaUsage.inScope(resource, quota, object)) {
        check(attempt, object, quota, added);
      }
    }
  }

  private static void check(Attempt attempt, Obj object, Obj quota, Map<String, Quantity> added) {
    Map<String, String> hard = new LinkedHashMap<>(quota.child("spec").strings("hard"));
    hard.keySet().retainAll(added.keySet());
    if (hard.isEmpty()) {
      return;
    }
    Map<String, Quantity> used = new LinkedHashMap<>();
    String resource = attempt.resource().qualifiedName();
    String table =
        attempt.resource().group().isEmpty()
            ? attempt.resource().plural()
            : attempt.resource().group() + "/" + attempt.resource().plural();
    for (Obj each : attempt.lookup().list(table, attempt.request().target().namespace())) {
      if (QuotaUsage.counts(resource, each) && QuotaUsage.inScope(resource, quota, each)) {
        QuotaUsage.of(resource, each).forEach((k, v) -> used.merge(k, v, Quantity::plus));
      }
    }
    hard.forEach(
        (name, limit) -> {
          Quantity wanted = added.getOrDefault(name, Quantity.ZERO);
          Quantity present = used.getOrDefault(name, Quantity.ZERO);
          if (wanted.signum() > 0 && present.plus(wanted).compareTo(Quantity.parse(limit)) > 0) {
            throw Failures.forbidden(
                attempt.resource(),
                object.child("metadata").text("name"),
                "exceeded quota: "
                    + quota.child("metadata").text("name")
                    + ", requested: "
                    + name
                    + "="
                    + wanted
                    + ", used: "
                    + name
                    + "="
                    + present
                    + ", limited: "
                    + name
                    + "="
                    + limit);
          }
        });
  }
}
