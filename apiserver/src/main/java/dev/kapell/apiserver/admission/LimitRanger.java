package dev.kapell.apiserver.admission;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Defaults and bounds that a namespace sets for the resources of its containers and claims. */
final class LimitRanger implements Admission {
  @Override
  public void admit(Attempt attempt, Obj object) {
    boolean pod = attempt.creates("pods");
    if (!pod && !attempt.creates("persistentvolumeclaims")) {
      return;
    }
    String namespace = attempt.request().target().namespace();
    List<String> problems = new ArrayList<>();
    for (Obj range : attempt.lookup().list("limitranges", namespace)) {
      for (Obj limit : range.child("spec").items("limits")) {
        switch (limit.text("type")) {
          case "Container" -> {
            if (pod) {
              containers(object.child("spec"), limit, problems);
            }
          }
          case "PersistentVolumeClaim" -> {
            if (!pod) {
              bounds(
                  object.child("spec").child("resources"),
                  limit,
                  "PersistentVolumeClaim",
                  problems);
            }
          }
          default -> {}
        }
      }
    }
    if (!problems.isEmpty()) {
      throw Failures.forbidden(
          attempt.resource(),
          object.child("metadata").text("name"),
          problems.size() == 1 ? problems.getFirst() : problems.toString());
    }
  }

  private static void containers(Obj spec, Obj limit, List<String> problems) {
    for (String list : List.of("containers", "initContainers")) {
      for (Obj container : spec.items(list)) {
        Obj resources = container.make("resources");
        // Requests follow the container's own limits before the namespace's defaults.
        resources
            .find("limits")
            .ifPresent(own -> own.map().forEach((k, v) -> resources.make("requests").fill(k, v)));
        limit
            .find("defaultRequest")
            .ifPresent(d -> d.map().forEach((k, v) -> resources.make("requests").fill(k, v)));
        limit
            .find("default")
            .ifPresent(d -> d.map().forEach((k, v) -> resources.make("limits").fill(k, v)));
        bounds(resources, limit, "Container", problems);
      }
    }
  }

  private static void bounds(Obj resources, Obj limit, String what, List<String> problems) {
    Map<String, String> requests = resources.strings("requests");
    Map<String, String> limits = resources.strings("limits");
    limit
        .strings("min")
        .forEach(
            (name, min) -> {
              String request = requests.get(name);
              if (request == null) {
                problems.add(
                    "minimum "
                        + name
                        + " usage per "
                        + what
                        + " is "
                        + min
                        + ".  No request is specified");
              } else if (compare(request, min) < 0) {
                problems.add(
                    "minimum "
                        + name
                        + " usage per "
                        + what
                        + " is "
                        + min
                        + ", but request is "
                        + request);
              }
            });
    limit
        .strings("max")
        .forEach(
            (name, max) -> {
              String used = what.equals("Container") ? limits.get(name) : requests.get(name);
              String word = what.equals("Container") ? "limit" : "request";
              if (used == null) {
                problems.add(
                    "maximum "
                        + name
                        + " usage per "
                        + what
                        + " is "
                        + max
                        + ".  No "
                        + word
                        + " is specified");
              } else if (compare(used, max) > 0) {
                problems.add(
                    "maximum "
                        + name
                        + " usage per "
                        + what
                        + " is "
                        + max
                        + ", but "
                        + word
                        + " is "
                        + used);
              }
            });
  }

  private static int compare(String one, String other) {
    return Quantity.parse(one).compareTo(Quantity.parse(other));
  }
}
