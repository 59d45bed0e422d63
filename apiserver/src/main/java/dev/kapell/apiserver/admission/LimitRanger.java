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
                String bound = "minimum " + name + " usage per " + what + " is " + min;
                Quantity request = requests.get(name);
                Quantity most = limits.get(name);
                if (request == null) {
                  problems.add(bound + ".  No request is specified");
                } else if (request.compareTo(min) < 0) {
                  problems.add(bound + ", but request is " + request);
                } else if (most != null && most.compareTo(min) < 0) {
                  problems.add(bound + ", but limit is " + most);
                }
              });
      each(limit, "max")
          .forEach(
              (name, max) -> {
                String bound = "maximum " + name + " usage per " + what + " is " + max;
                Quantity request = requests.get(name);
                Quantity most = limits.get(name);
                if (most == null) {
                  problems.add(bound + ".  No limit is specified");
                } else if (most.compareTo(max) > 0) {
                  problems.add(bound + ", but limit is " + most);
                } else if (request != null && request.compareTo(max) > 0) {
                  problems.add(bound + ", but request is " + request);
                }
              });
      each(limit, "maxLimitRequestRatio")
          .forEach((name, ratio) -> ratio(what, name, ratio, requests.get(name), limits.get(name)));
    }

    private void ratio(
        String what,
        String name,
        Quantity ratio,
        @org.jspecify.annotations.Nullable Quantity request,
        @org.jspecify.annotations.Nullable Quantity limit) {
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
      String what = limit.text("type");
      each(limit, "min").forEach((name, min) -> bound("minimum", what, name, min, requests));
      each(limit, "max").forEach((name, max) -> bound("maximum", what, name, max, requests));
    }

    private void bound(
        String side, String what, String name, Quantity bound, Map<String, Quantity> requests) {
      Quantity request = requests.get(name);
      String text = side + " " + name + " usage per " + what + " is " + bound;
      int sign = side.equals("minimum") ? -1 : 1;
      if (request == null) {
        problems.add(text + ".  No request is specified");
      } else if (Integer.signum(request.compareTo(bound)) == sign) {
        problems.add(text + ", but request is " + request);
      }
    }

    private static Map<String, Quantity> each(Obj limit, String field) {
      Map<String, Quantity> amounts = new TreeMap<>();
      limit.strings(field).forEach((name, text) -> amounts.put(name, Quantity.parse(text)));
      return amounts;
    }
  }
}
