package dev.kapell.apiserver.aggregation;

import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Writes APIServices: those of this server's own groups, and what is known of the others. */
final class Registrations {
  static final String TABLE = "apiregistration.k8s.io/apiservices";

  private static final Logger LOG = System.getLogger("kapell.apiserver");

  private final Pipeline pipeline;
  private final Catalog local;
  private final Clock clock;

  Registrations(Pipeline pipeline, Catalog local, Clock clock) {
    this.pipeline = pipeline;
    this.local = local;
    this.clock = clock;
  }

  /** Calls {@code changed} whenever this server serves something else than before. */
  void onCatalogChange(Runnable changed) {
    local.onChange(changed);
  }

  /** The names of this server's own, sorted. */
  Set<String> own() {
    return new TreeSet<>(LocalApis.of(local).keySet());
  }

  /** Adds what is missing of this server's own, removes what it no longer serves. */
  void keep(List<Obj> present) throws InterruptedException {
    Map<String, Obj> missing = new HashMap<>(LocalApis.of(local));
    for (Obj apiService : present) {
      String name = apiService.child("metadata").text("name");
      boolean wanted = missing.remove(name) != null;
      boolean ours =
          apiService.child("metadata").strings("labels").containsKey(LocalApis.MANAGED)
              && !apiService.child("spec").has("service");
      if (!wanted && ours) {
        ask(Verb.DELETE, name, "", RequestBody.NONE);
      }
    }
    for (Obj apiService : missing.values()) {
      ask(Verb.CREATE, "", "", RequestBody.json(Wire.plain(apiService.map())));
    }
  }

  /** Says in the status of {@code name} what was found, unless it says so already. */
  void report(String name, Condition condition) throws InterruptedException {
    Obj known = find(name).child("status");
    String status = condition.available() ? "True" : "False";
    Obj before =
        known.items("conditions").stream()
            .filter(each -> each.text("type").equals("Available"))
            .findFirst()
            .orElseGet(() -> Obj.root(Obj.tree()));
    boolean same = before.text("status").equals(status);
    if (same
        && before.text("reason").equals(condition.reason())
        && before.text("message").equals(condition.message())) {
      return;
    }
    LOG.log(
        Level.INFO,
        "API service object={0} available={1} reason={2}",
        name,
        status,
        condition.reason());
    String since =
        same
            ? before.text("lastTransitionTime")
            : clock.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Map<String, Object> next =
        Obj.tree(
            "lastTransitionTime",
            since,
            "message",
            condition.message(),
            "reason",
            condition.reason(),
            "status",
            status,
            "type",
            "Available");
    Obj patch = Obj.root(Obj.tree("status", Obj.tree("conditions", List.of(next))));
    ask(
        Verb.PATCH,
        name,
        "status",
        new RequestBody(Wire.plain(patch.map()), "application/merge-patch+json"));
  }

  private Obj find(String name) throws InterruptedException {
    try {
      return pipeline.handle(request(Verb.GET, name, "", RequestBody.NONE))
              instanceof Answer.Single single
          ? Obj.root(Wire.parse(single.json()))
          : Obj.root(Obj.tree());
    } catch (ApiFailure gone) {
      LOG.log(Level.DEBUG, "API service object={0} is gone", name);
      return Obj.root(Obj.tree());
    }
  }

  /** What fails is tried again at the next look: somebody else wrote meanwhile. */
  private void ask(Verb verb, String name, String subresource, RequestBody body)
      throws InterruptedException {
    try {
      pipeline.handle(request(verb, name, subresource, body));
    } catch (ApiFailure e) {
      if (!e.isNotFound() && !e.isConflict() && !e.isAlreadyExists()) {
        LOG.log(
            Level.WARNING, "API service not written object={0} reason={1}", name, e.getMessage());
      }
    }
  }

  private static ApiRequest request(Verb verb, String name, String subresource, RequestBody body) {
    Target target =
        new Target("apiregistration.k8s.io", "v1", "apiservices", "", name, subresource);
    return new ApiRequest(verb, target, User.BOOTSTRAP, RequestOptions.NONE, body);
  }
}
