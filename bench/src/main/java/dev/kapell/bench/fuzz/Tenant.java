package dev.kapell.bench.fuzz;

import dev.kapell.bench.Dice;
import dev.kapell.bench.wire.Sample;
import dev.kapell.bench.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Somebody who may do everything in one namespace and nothing outside of it: whatever is asked in
 * that name, it must not get further. Immutable.
 */
final class Tenant {
  static final String NAMESPACE = "tenant";
  private static final String USER = "fuzz-tenant";
  private static final String HEADER = "Impersonate-User: " + USER;

  /** What everybody who is known may read. */
  private static final Set<String> PUBLIC =
      Set.of("api", "apis", "healthz", "livez", "readyz", "version", "openapi");

  /** What everybody may ask about themselves. */
  private static final Set<String> OWN =
      Set.of("selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews");

  private final Set<String> namespaced = new HashSet<>();

  /** In a cluster that serves {@code api}. */
  Tenant(Api api) {
    for (Api.Operation operation : api.operations()) {
      Place place = Place.of(operation.path());
      if (place.namespace().equals("{namespace}")) {
        namespaced.add(place.version() + "/" + place.resource());
      }
    }
  }

  /**
   * Where a path leads.
   *
   * @param first part of the path
   * @param version {@code api/v1} or {@code apis/apps/v1}
   * @param namespace empty for none
   * @param resource empty when it leads to none
   */
  private record Place(String first, String version, String namespace, String resource) {
    static Place of(String target) {
      List<String> parts = new ArrayList<>();
      for (String part : target.split("\\?", 2)[0].split("/", -1)) {
        if (!part.isEmpty()) {
          parts.add(part);
        }
      }
      String first = parts.isEmpty() ? "" : parts.getFirst();
      int from = first.equals("api") ? 2 : first.equals("apis") ? 3 : parts.size();
      if (parts.size() <= from) {
        return new Place(first, "", "", "");
      }
      String version = String.join("/", parts.subList(0, from));
      List<String> rest = parts.subList(from, parts.size());
      if (rest.getFirst().equals("watch") && rest.size() > 1) {
        rest = rest.subList(1, rest.size());
      }
      boolean inside = rest.getFirst().equals("namespaces") && rest.size() > 1;
      boolean itself =
          rest.size() == 2
              || (rest.size() == 3 && Set.of("status", "finalize").contains(rest.get(2)));
      if (inside && itself) {
        return new Place(first, version, rest.get(1), "namespaces");
      }
      return new Place(
          first, version, inside ? rest.get(1) : "", inside ? rest.get(2) : rest.getFirst());
    }
  }

  /** Makes the tenant what it is, again when somebody unmade it. */
  static void settle(Wire wire) throws IOException {
    String rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + NAMESPACE;
    post(wire, "/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + NAMESPACE + "\"}}");
    post(
        wire,
        rbac + "/roles",
        "{\"metadata\":{\"name\":\"all\"},\"rules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],"
            + "\"resources\":[\"*\"]}]}");
    post(
        wire,
        rbac + "/rolebindings",
        "{\"metadata\":{\"name\":\"all\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\","
            + "\"kind\":\"Role\",\"name\":\"all\"},\"subjects\":[{\"kind\":\"User\",\"name\":\""
            + USER
            + "\",\"apiGroup\":\"rbac.authorization.k8s.io\"}]}");
  }

  private static void post(Wire wire, String path, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    wire.send(new Sample("POST", path, List.of("Content-Type: application/json"), body, false));
  }

  /** The same request in the tenant's name, often for its namespace. */
  static Sample disguise(Sample sample, Dice dice) {
    List<String> headers = new ArrayList<>(sample.headers());
    headers.removeIf(line -> line.startsWith("Impersonate-") || line.startsWith("Authorization"));
    headers.add(HEADER);
    String target = sample.target();
    if (dice.percent(60)) {
      target = target.replaceFirst("/namespaces/[^/?]+/", "/namespaces/" + NAMESPACE + "/");
    } else if (dice.percent(60)) {
      target =
          target.replaceFirst(
              "^(/api/v1|/apis/[^/?]+/[^/?]+)/(?!namespaces)", "$1/namespaces/" + NAMESPACE + "/");
    }
    return new Sample(sample.method(), target, headers, sample.body(), sample.hangUp());
  }

  /** Whether it was wrong to let the tenant do {@code sample}. */
  boolean isBeyond(Sample sample) {
    return sample.headers().contains(HEADER) && !mayReach(sample.target());
  }

  boolean mayReach(String target) {
    Place place = Place.of(target);
    if (place.resource().isEmpty()) {
      return PUBLIC.contains(place.first());
    }
    if (place.namespace().isEmpty()) {
      return OWN.contains(place.resource());
    }
    return place.namespace().equals(NAMESPACE)
        && (place.resource().equals("namespaces")
            || namespaced.contains(place.version() + "/" + place.resource()));
  }
}
