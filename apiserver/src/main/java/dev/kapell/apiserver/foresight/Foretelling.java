package dev.kapell.apiserver.foresight;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.computed.Computed;
import dev.kapell.apiserver.computed.Family;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The resources {@code podexplanations} (get, by the name of a pod), {@code placementplans}
 * (create) and {@code queues} (get, list). Who asks about a pod has to have the right to get it,
 * too; nodes are named only to those who may list them. Thread-safe.
 */
public final class Foretelling implements Computed {
  private static final String GROUP = "scheduling.kapell.dev";
  private static final String VERSION = "v1alpha1";
  private static final Family FAMILY = new Family(GROUP, VERSION);
  private static final Resource EXPLANATIONS =
      FAMILY.resource("PodExplanation", "podexplanations", "podexplanation", true, List.of("get"));
  private static final Resource PLANS =
      FAMILY.resource("PlacementPlan", "placementplans", "placementplan", false, List.of("create"));

  private static final Resource QUEUES =
      FAMILY
          .resource("Queue", "queues", "queue", false, List.of("get", "list"))
          .withColumns(
              List.of(
                  column("Weight", "number", ".spec.weight"),
                  column("Share", "string", ".status.share"),
                  column("Of", "string", ".status.dominantResource"),
                  column("Entitlement-Used", "string", ".status.entitlementUsed"),
                  column("Running", "integer", ".status.running"),
                  column("Waiting", "integer", ".status.waiting")));

  private final Authorizer authorizer;
  private final Pipeline pipeline;
  private volatile @Nullable Foreseer foreseer;

  /** Answers nothing until it has somebody to ask. */
  public Foretelling(Authorizer authorizer, Pipeline pipeline) {
    this.authorizer = authorizer;
    this.pipeline = pipeline;
  }

  /** From now on {@code one} is asked. */
  public void ask(Foreseer one) {
    foreseer = one;
  }

  @Override
  public List<Resource> resources() {
    return List.of(EXPLANATIONS, PLANS, QUEUES);
  }

  @Override
  public Answer handle(ApiRequest request) {
    Resource resource = asked(request);
    boolean named = !request.target().name().isEmpty();
    if (resource.equals(EXPLANATIONS) && request.verb() == Verb.GET && named) {
      return explain(request);
    }
    if (resource.equals(PLANS) && request.verb() == Verb.CREATE && !named) {
      return plan(request);
    }
    if (resource.equals(QUEUES) && (named ? request.verb() == Verb.GET : isList(request))) {
      return queues(request);
    }
    throw Failures.methodNotAllowed(resource, request.verb());
  }

  private static boolean isList(ApiRequest request) {
    return request.verb() == Verb.LIST;
  }

  private static Map<String, Object> column(String name, String type, String path) {
    return Obj.tree("name", name, "type", type, "jsonPath", path);
  }

  private Answer queues(ApiRequest request) {
    boolean seesPods = authorizer.allows(request.user(), action("list", "pods", "", ""));
    List<byte[]> found = new ArrayList<>();
    String name = request.target().name();
    for (Map<String, Object> queue : foreseer().queues(seesPods)) {
      if (name.isEmpty() || name.equals(Obj.root(queue).child("metadata").text("name"))) {
        found.add(JsonCodec.writeTree(whole(QUEUES, queue)));
      }
    }
    if (name.isEmpty()) {
      return new Answer.Listed(QUEUES, found, "", "", -1);
    }
    if (found.isEmpty()) {
      throw Failures.notFound(QUEUES, name);
    }
    return new Answer.Single(200, found.getFirst(), QUEUES, List.of());
  }

  private Foreseer foreseer() {
    Foreseer known = foreseer;
    if (known == null) {
      throw Failures.unavailable("the scheduler of this server has not started yet");
    }
    return known;
  }

  private Answer explain(ApiRequest request) {
    String namespace = request.target().namespace();
    String name = request.target().name();
    authorizer.require(request.user(), action("get", "pods", namespace, name));
    boolean seesNodes =
        authorizer.allows(request.user(), action("list", "nodes", "", ""))
            && authorizer.allows(request.user(), action("list", "pods", "", ""));
    Map<String, Object> status =
        foreseer()
            .why(new ObjectKey(namespace, name), seesNodes)
            .orElseThrow(() -> Failures.notFound("", "pods", name));
    Map<String, Object> metadata = Obj.tree("name", name, "namespace", namespace);
    return single(200, EXPLANATIONS, Obj.tree("metadata", metadata, "status", status));
  }

  private Answer plan(ApiRequest request) {
    authorizer.require(request.user(), action("list", "nodes", "", ""));
    authorizer.require(request.user(), action("list", "pods", "", ""));
    Object body = JsonCodec.readTree(request.body().bytes());
    if (!(body instanceof Map<?, ?> map)) {
      throw Failures.badRequest(
          "the body has to be a PlacementPlan with the objects in spec.objects");
    }
    @SuppressWarnings("unchecked") // JSON objects have text keys
    Obj sent = Obj.root((Map<String, Object>) map);
    List<Map<String, Object>> objects = new ArrayList<>();
    sent.child("spec").items("objects").forEach(object -> objects.add(object.map()));
    if (objects.isEmpty()) {
      throw Failures.badRequest("spec.objects is empty: name the objects that would be applied");
    }
    Map<String, Object> status = foreseer().plan(objects, this::admit);
    return single(201, PLANS, Obj.tree("metadata", Obj.tree(), "status", status));
  }

  private Pod admit(Pod pod) {
    Target target = new Target("", "v1", "pods", pod.metadata().namespaceOr(""), "", "");
    RequestOptions options =
        RequestOptions.parse(Map.of("dryRun", List.of("All"), "fieldManager", List.of("kapell")));
    RequestBody body = RequestBody.encoded(JsonCodec.encode(Pod.CODEC, pod));
    try {
      Answer answer =
          pipeline.handle(new ApiRequest(Verb.CREATE, target, User.SYSTEM, options, body));
      if (answer instanceof Answer.Single single) {
        return JsonCodec.decode(Pod.CODEC, single.json());
      }
      throw new IllegalStateException("a dry run answered with " + answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.unavailable("interrupted while a pod was tried");
    }
  }

  private static Action action(String verb, String resource, String namespace, String name) {
    return Action.on(verb, new Target("", "v1", resource, namespace, name, ""));
  }

  private static Answer single(int code, Resource resource, Map<String, Object> content) {
    return new Answer.Single(
        code, JsonCodec.writeTree(whole(resource, content)), resource, List.of());
  }

  private static Map<String, Object> whole(Resource resource, Map<String, Object> content) {
    Map<String, Object> object =
        Obj.tree("kind", resource.kind(), "apiVersion", resource.apiVersion());
    object.putAll(content);
    return object;
  }
}
