package dev.kapell.apiserver;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.admission.OptIn;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.apiserver.podsecurity.PodSecurityConfiguration;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.TokenIssuer;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.ManualClock;
import dev.kapell.base.Randomness;
import dev.kapell.client.ApiFailure;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A small hand to write requests with: {@code api.at("apps/v1/deployments").in("default")}. */
final class Api implements AutoCloseable {
  static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

  final ManualClock clock = new ManualClock(START);
  final Meters meters = new Meters();
  final Store store;
  final ApiCore core;

  Api() {
    this(MemoryStore.open(StoreOptions.defaults()));
  }

  Api(Store store) {
    this(store, Set.of());
  }

  Api(Store store, Set<OptIn> plugins) {
    this.store = store;
    core =
        ApiCore.open(
            new ApiCore.Needs(
                store,
                clock,
                Randomness.seeded(7),
                this::token,
                PodSecurityConfiguration.DEFAULT,
                meters,
                plugins));
    at("v1/namespaces").create("metadata: {name: default}");
    at("v1/serviceaccounts").in("default").create("metadata: {name: default}");
  }

  private TokenIssuer.Issued token(TokenIssuer.Order order) {
    return new TokenIssuer.Issued(
        "signed-for-" + order.serviceAccount(),
        clock.now().plus(Duration.ofSeconds(order.lifetimeSeconds())),
        List.of("kapell"));
  }

  Place at(String path) {
    return new Place(path, "default", "", Map.of(), User.SYSTEM);
  }

  @Override
  public void close() {
    core.close();
    store.close();
  }

  /** Where a request goes. */
  final class Place {
    private final String path;
    private final String namespace;
    private final String sub;
    private final Map<String, List<String>> query;
    private final User user;

    private Place(
        String path, String namespace, String sub, Map<String, List<String>> query, User user) {
      this.path = path;
      this.namespace = namespace;
      this.sub = sub;
      this.query = query;
      this.user = user;
    }

    Place as(String name, String... groups) {
      return new Place(path, namespace, sub, query, new User(name, "", List.of(groups), Map.of()));
    }

    Place in(String other) {
      return new Place(path, other, sub, query, user);
    }

    Place sub(String other) {
      return new Place(path, namespace, other, query, user);
    }

    Place with(String name, String value) {
      Map<String, List<String>> more = new HashMap<>(query);
      more.put(name, List.of(value));
      return new Place(path, namespace, sub, more, user);
    }

    Obj create(String yaml) {
      return single(Verb.CREATE, "", yaml(yaml));
    }

    Obj create(String name, String yaml) {
      return single(Verb.CREATE, name, yaml(yaml));
    }

    Obj get(String name) {
      return single(Verb.GET, name, RequestBody.NONE);
    }

    Optional<Obj> find(String name) {
      try {
        return Optional.of(get(name));
      } catch (ApiFailure e) {
        return Optional.empty();
      }
    }

    Obj update(String name, Obj object) {
      return single(Verb.UPDATE, name, RequestBody.json(JsonCodec.writeTree(object.map())));
    }

    Obj update(String name, String yaml) {
      return single(Verb.UPDATE, name, yaml(yaml));
    }

    Obj patch(String name, String type, String yaml) {
      RequestBody body = yaml(yaml);
      String media =
          type.equals("apply") ? "application/apply-patch+yaml" : "application/" + type + "+json";
      return single(Verb.PATCH, name, new RequestBody(body.bytes(), media));
    }

    Obj delete(String name) {
      return single(Verb.DELETE, name, RequestBody.NONE);
    }

    Obj delete(String name, String options) {
      return single(Verb.DELETE, name, yaml(options));
    }

    Obj deleteAll() {
      return single(Verb.DELETE_COLLECTION, "", RequestBody.NONE);
    }

    Answer.Listed list() {
      return (Answer.Listed) ask(Verb.LIST, "", RequestBody.NONE);
    }

    List<String> names() {
      List<String> names = new ArrayList<>();
      list().items().forEach(json -> names.add(parse(json).child("metadata").text("name")));
      return names;
    }

    Answer.Watching watch() {
      return (Answer.Watching) ask(Verb.WATCH, "", RequestBody.NONE);
    }

    Answer.Single raw(Verb verb, String name, RequestBody body) {
      return (Answer.Single) ask(verb, name, body);
    }

    Obj single(Verb verb, String name, RequestBody body) {
      return parse(raw(verb, name, body).json());
    }

    Answer ask(Verb verb, String name, RequestBody body) {
      String[] parts = path.split("/", -1);
      int last = parts.length - 1;
      String group = last == 2 ? parts[0] : "";
      String resource = parts[last];
      boolean namespaced =
          core.pipeline()
              .catalog()
              .find(group, parts[last - 1], resource)
              .map(found -> found.namespaced())
              .orElse(true);
      Target target =
          new Target(group, parts[last - 1], resource, namespaced ? namespace : "", name, sub);
      try {
        return core.pipeline()
            .handle(new ApiRequest(verb, target, user, RequestOptions.parse(query), body));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static RequestBody yaml(String yaml) {
    return RequestBody.json(JsonCodec.writeTree(Yaml.document(yaml)));
  }

  static Obj parse(byte[] json) {
    return Obj.root(dev.kapell.apiserver.registry.Wire.parse(json));
  }

  static String pod(String name) {
    return """
        metadata: {name: %s, labels: {app: %s}}
        spec: {containers: [{name: main, image: "img:1"}]}
        """
        .formatted(name, name);
  }

  static String deployment(String name, int replicas) {
    return """
        metadata: {name: %1$s}
        spec:
          replicas: %2$d
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec: {containers: [{name: main, image: "img:1"}]}
        """
        .formatted(name, replicas);
  }
}
