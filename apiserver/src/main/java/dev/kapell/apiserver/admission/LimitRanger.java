package dev.kapell.apiserver.admission;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.quota.PodTotals;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Defaults and bounds that a namespace sets for the resources of its containers, pods and claims.
 * Follows the admission plugin {@code LimitRanger} of Kubernetes.
 */
final class LimitRanger implements Admission {
  private static final String NOTE = "kubernetes.io/limit-ranger";
  private static final List<String> CONTAINERS = List.of("initContainers", "containers");

  @Override
  public void admit(Attempt attempt, Obj pod) {
    if (!attempt.creates("pods")) {
      return;
    }
    List<String> notes = new ArrayList<>();
    for (Obj limit : limits(attempt, "Container")) {
      for (String list : CONTAINERS) {
        pod.child("spec").items(list).forEach(container -> fill(container, limit, list, notes));
      }
    }
    if (!notes.isEmpty()) {
      pod.make("metadata")
          .make("annotations")
          .put(NOTE, "LimitRanger plugin set: " + String.join("; ", notes));
    }
  }

  private static void fill(Obj container, Obj limit, String list, List<String> notes) {
    // What the limits of the namespace say by default is no request: that has a default of its own.
    Set<String> limited = fill(container, "limits", limit.child("default"));
    Set<String> requested = fill(container, "requests", limit.child("defaultRequest"));
    String who =
        (list.equals("containers") ? "container " : "init container ") + container.text("name");
    if (!requested.isEmpty()) {
      notes.add(String.join(", ", requested) + " request for " + who);
    }
    if (!limited.isEmpty()) {
      notes.add(String.join(", ", limited) + " limit for " + who);
    }
  }

  private static Set<String> fill(Obj container, String part, Obj defaults) {
    Set<String> filled = new LinkedHashSet<>();
    new TreeMap<>(defaults.map())
        .forEach(
            (name, amount) -> {
              Obj amounts = container.make("resources").make(part);
              if (!amounts.has(name)) {
                amounts.put(name, amount);
                filled.add(name);
              }
            });
    return filled;
  }

  @Override
  public void validate(Attempt attempt, Obj object) {
    boolean resize =
        attempt.resource().qualifiedName().equals("pods") && attempt.subresource().equals("resize");
    Bounds bounds = new Bounds();
    if (attempt.creates("pods") || resize) {
      pod(attempt, object, bounds);
    } else if (attempt.creates("persistentvolumeclaims")
        || attempt.updates("persistentvolumeclaims")) {
      for (Obj limit : limits(attempt, "PersistentVolumeClaim")) {
        bounds.ofRequests(limit, PodTotals.amounts(object.child("spec"), "requests"));
      }
    }
    if (!bounds.problems.isEmpty()) {
      throw Failures.forbidden(
          attempt.resource(),
          object.child("metadata").text("name"),
          bounds.problems.size() == 1
              ? bounds.problems.getFirst()
              : "[" + String.join(", ", bounds.problems) + "]");
    }
  }

  private static void pod(Attempt attempt, Obj pod, Bounds bounds) {
    Obj spec = pod.child("spec");
    for (Obj limit : limits(attempt, "Container")) {
      for (String list : CONTAINERS) {
        for (Obj container : spec.items(list)) {
          bounds.of(
              limit,
              PodTotals.amounts(container, "requests"),
              PodTotals.amounts(container, "limits"));
        }
      }
    }
    for (Obj limit : limits(attempt, "Pod")) {
      bounds.of(limit, PodTotals.of(spec, "requests"), PodTotals.of(spec, "limits"));
    }
  }

  private static List<Obj> limits(Attempt attempt, String type) {
    return attempt.lookup().list("limitranges", attempt.namespace()).stream()
        .flatMap(range -> range.child("spec").items("limits").stream())
        .filter(limit -> limit.text("type").equals(type))
        .toList();
  }

  /** Gathers what is out of bounds. */
  private static final class Bounds {
    private final List<String> problems = new ArrayList<>();

    private void of(Obj limit, Map<String, Quantity> requests, Map<String, Quantity> limits) {
      String what = limit.text("type");
      each(limit, "min")
          .forEach(
              (name, min) -> {
                Amount request = new Amount("request", requests.get(name));
                Amount most = new Amount("limit", limits.get(name));
                atLeast(limit, name, min, request, most);
              });
      each(limit, "max")
          .forEach(
              (name, max) -> {
                Amount request = new Amount("request", requests.get(name));
                Amount most = new Amount("limit", limits.get(name));
                atMost(limit, name, max, most, request);
              });
      each(limit, "maxLimitRequestRatio")
          .forEach((name, ratio) -> ratio(what, name, ratio, requests.get(name), limits.get(name)));
    }

    private void ratio(
        String what,
        String name,
        Quantity ratio,
        @Nullable Quantity request,
        @Nullable Quantity limit) {
      String bound = name + " max limit to request ratio per " + what + " is " + ratio;
      if (request == null || request.isZero()) {
        problems.add(bound + ", but no request is specified or request is 0");
      } else if (limit == null || limit.isZero()) {
        problems.add(bound + ", but no limit is specified or limit is 0");
      } else {
        double given = limit.amount().doubleValue() / request.amount().doubleValue();
        if (given > ratio.amount().doubleValue()) {
          problems.add(bound + ", but provided ratio is " + "%f".formatted(given));
        }
      }
    }

    private void ofRequests(Obj limit, Map<String, Quantity> requests) {
      each(limit, "min")
          .forEach(
              (name, min) -> atLeast(limit, name, min, new Amount("request", requests.get(name))));
      each(limit, "max")
          .forEach(
              (name, max) -> atMost(limit, name, max, new Amount("request", requests.get(name))));
    }

    private void atLeast(Obj limit, String name, Quantity min, Amount... amounts) {
      String bound = "minimum " + name + " usage per " + limit.text("type") + " is " + min;
      compare(bound, amounts, given -> given.compareTo(min) < 0);
    }

    private void atMost(Obj limit, String name, Quantity max, Amount... amounts) {
      String bound = "maximum " + name + " usage per " + limit.text("type") + " is " + max;
      compare(bound, amounts, given -> given.compareTo(max) > 0);
    }

    /** The first amount has to be there; the first that is outside is the one to name. */
    private void compare(String bound, Amount[] amounts, Predicate<Quantity> outside) {
      if (amounts[0].given() == null) {
        problems.add(bound + ".  No " + amounts[0].what() + " is specified");
        return;
      }
      for (Amount amount : amounts) {
        Quantity given = amount.given();
        if (given != null && outside.test(given)) {
          problems.add(bound + ", but " + amount.what() + " is " + given);
          return;
        }
      }
    }

    /** What a pod says of a resource: as its request, or as its limit. */
    private record Amount(String what, @Nullable Quantity given) {}

    private static Map<String, Quantity> each(Obj limit, String field) {
      Map<String, Quantity> amounts = new TreeMap<>();
      limit.strings(field).forEach((name, text) -> amounts.put(name, Quantity.parse(text)));
      return amounts;
    }
  }
}
