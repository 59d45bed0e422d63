package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.http.Exchange;
import dev.kapell.http.Query;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an HTTP request wants of a resource.
 *
 * @param verb by method, path and query
 * @param target as the pipeline is asked; without the port of a {@code proxy} name
 * @param query its parameters; of a watch by name with the field selector that this means
 * @param rest what follows {@code proxy} in the path
 * @param proxyName the name with scheme and port, of a {@code proxy}
 */
record ResourceRequest(
    Verb verb, Target target, Map<String, List<String>> query, String rest, String proxyName) {
  private static final Set<String> STREAMS = Set.of("exec", "attach", "portforward");
  private static final Set<String> CONVERSATIONS =
      Set.of("exec", "attach", "portforward", "proxy", "log");

  static ResourceRequest of(Exchange exchange, RequestPath path) {
    Query query = exchange.query();
    Target target = path.target();
    boolean watch = path.watch() || query.flag("watch");
    Verb verb = verb(exchange.method(), target, watch);
    Map<String, List<String>> parameters = query.values();
    if (verb == Verb.WATCH && !target.name().isEmpty()) {
      parameters = byName(parameters, target.name());
      target = target.named("");
    }
    String proxyName = target.name();
    if (target.subresource().equals("proxy")) {
      target = target.named(bare(proxyName));
    }
    return new ResourceRequest(verb, target, parameters, path.rest(), proxyName);
  }

  private static Verb verb(String method, Target target, boolean watch) {
    boolean collection = target.name().isEmpty();
    return switch (method) {
      case "GET", "HEAD" -> {
        if (watch && target.subresource().isEmpty()) {
          yield Verb.WATCH;
        }
        yield collection ? Verb.LIST : Verb.GET;
      }
      case "POST" -> Verb.CREATE;
      case "PUT" -> Verb.UPDATE;
      case "PATCH" -> Verb.PATCH;
      case "DELETE" -> collection ? Verb.DELETE_COLLECTION : Verb.DELETE;
      case "OPTIONS" -> Verb.GET;
      default -> throw Failures.badRequest("the method " + method + " is not known");
    };
  }

  private static Map<String, List<String>> byName(Map<String, List<String>> query, String name) {
    Map<String, List<String>> all = new LinkedHashMap<>(query);
    all.put("fieldSelector", List.of("metadata.name=" + name));
    return all;
  }

  /** {@code web} for {@code https:web:8443} and {@code web:8080}. */
  private static String bare(String name) {
    String[] parts = name.split(":", -1);
    return parts.length == 3 ? parts[1] : parts[0];
  }

  /** Whether it is a conversation with a node agent, which keeps its body for itself. */
  boolean isConversation() {
    return CONVERSATIONS.contains(target.subresource());
  }

  /** Whether it runs something in a pod, or reaches into it. */
  boolean isStream() {
    return target.resource().equals("pods")
        && target.group().isEmpty()
        && STREAMS.contains(target.subresource());
  }

  /** Whether it reads a pod's log. */
  boolean isLog() {
    return target.subresource().equals("log");
  }

  /** Whether the answer goes on after the request was handled: for a watch and a conversation. */
  boolean isLong() {
    return verb == Verb.WATCH || isConversation();
  }

  /** Whether the answer goes on for as long as the client likes. */
  boolean lasts() {
    List<String> follow = query.getOrDefault("follow", List.of("false"));
    return verb == Verb.WATCH || (isLog() && !List.of("false", "0").contains(follow.getFirst()));
  }

  /** Refuses methods that do not fit the path, or that the resource does not have. */
  void check(Resource resource) {
    boolean fits =
        switch (verb) {
          case CREATE -> target.name().isEmpty() || !target.subresource().isEmpty();
          case UPDATE, PATCH -> !target.name().isEmpty();
          case GET, LIST, WATCH, DELETE, DELETE_COLLECTION -> true;
        };
    boolean known = !target.subresource().isEmpty() || resource.verbs().contains(verb.word());
    if (!fits || !known) {
      throw Failures.methodNotAllowed(resource, verb);
    }
  }

  /** What the right is asked for. A selector that cannot be read narrows nothing down. */
  Action action() {
    Action action = Action.on(verb, authorized());
    return switch (verb) {
      case LIST, WATCH, DELETE_COLLECTION ->
          named(action.selecting(first("fieldSelector"), first("labelSelector")));
      case GET, CREATE, UPDATE, PATCH, DELETE -> action;
    };
  }

  /** The same on the only name that the field selector lets through, if it says one. */
  private static Action named(Action action) {
    return action.fields().terms().stream()
        .filter(term -> term.equal() && term.field().equals("metadata.name"))
        .findFirst()
        .map(term -> action.on(term.value()))
        .orElse(action);
  }

  private String first(String parameter) {
    List<String> values = query.getOrDefault(parameter, List.of());
    return values.isEmpty() ? "" : values.getFirst();
  }

  /**
   * The object or collection that the right is asked for: the namespace itself counts as in the
   * namespace.
   */
  private Target authorized() {
    if (target.resource().equals("namespaces")
        && target.group().isEmpty()
        && !target.name().isEmpty()) {
      return new Target(
          "", target.version(), "namespaces", target.name(), target.name(), target.subresource());
    }
    return target;
  }
}
