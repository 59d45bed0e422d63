package dev.kapell.apiserver.local;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Outcome;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.Made;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.client.Watch;
import dev.kapell.client.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link Client} that asks the pipeline of this process. Thread-safe. */
public final class LocalClient implements Client {
  private final Pipeline pipeline;
  private final User user;
  private final String manager;
  private final RequestOptions plain;
  private final Decoded decoded;

  /** Asks as {@code user}, whose name is also the field manager. */
  public LocalClient(Pipeline pipeline, User user) {
    this(pipeline, user, user.name());
  }

  /**
   * Asks as {@code user}.
   *
   * @param manager the field manager of its writes
   */
  public LocalClient(Pipeline pipeline, User user, String manager) {
    this(pipeline, user, manager, new Decoded());
  }

  private LocalClient(Pipeline pipeline, User user, String manager, Decoded decoded) {
    this.pipeline = pipeline;
    this.user = user;
    this.manager = manager;
    this.plain = RequestOptions.parse(Map.of("fieldManager", List.of(manager)));
    this.decoded = decoded;
  }

  /** The same for another user; records are decoded once for both. */
  public LocalClient as(User other, String otherManager) {
    return new LocalClient(pipeline, other, otherManager, decoded);
  }

  /** The record of bytes that the store holds, the one that all such clients see. */
  public <T extends ApiObject> T record(ResourceType<T> type, byte[] stored) {
    return decoded.get(type, stored);
  }

  @Override
  public <T extends ApiObject> Optional<T> find(ResourceType<T> type, ObjectKey key) {
    try {
      return Optional.of(get(type, key));
    } catch (ApiFailure e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public <T extends ApiObject> T get(ResourceType<T> type, ObjectKey key) {
    return single(
        type, ask(Verb.GET, target(type, key, ""), RequestOptions.NONE, RequestBody.NONE));
  }

  @Override
  public <S> S getSubresource(
      ResourceType<?> parent, ObjectKey key, String subresource, Codec<S> codec) {
    Target target = target(parent, key, subresource);
    return JsonCodec.decode(
        codec, bytes(ask(Verb.GET, target, RequestOptions.NONE, RequestBody.NONE)));
  }

  @Override
  public <T extends ApiObject> Listing<T> list(ResourceType<T> type, ListQuery query) {
    Answer answer =
        ask(Verb.LIST, collection(type, query), options(query, Map.of()), RequestBody.NONE);
    if (!(answer instanceof Answer.Listed listed)) {
      throw unexpected(answer);
    }
    List<T> items = new ArrayList<>(listed.items().size());
    listed.items().forEach(json -> items.add(decoded.get(type, json)));
    return new Listing<>(items, listed.resourceVersion());
  }

  @Override
  public <T extends ApiObject> Watch<T> watch(
      ResourceType<T> type, ListQuery query, String resourceVersion) {
    RequestOptions options =
        options(query, Map.of("resourceVersion", resourceVersion, "allowWatchBookmarks", "true"));
    Answer answer = ask(Verb.WATCH, collection(type, query), options, RequestBody.NONE);
    if (!(answer instanceof Answer.Watching watching)) {
      throw unexpected(answer);
    }
    return new LocalWatch<>(type, watching.stream(), decoded);
  }

  @Override
  public <T extends ApiObject> T create(ResourceType<T> type, T object) {
    return write(Verb.CREATE, type, object, "");
  }

  @Override
  public <T extends ApiObject> T update(ResourceType<T> type, T object) {
    return write(Verb.UPDATE, type, object, "");
  }

  @Override
  public <T extends ApiObject> T updateStatus(ResourceType<T> type, T object) {
    return write(Verb.UPDATE, type, object, "status");
  }

  private <T extends ApiObject> T write(
      Verb verb, ResourceType<T> type, T object, String subresource) {
    return single(type, ask(written(verb, type, object, subresource)));
  }

  private <T extends ApiObject> ApiRequest written(
      Verb verb, ResourceType<T> type, T object, String subresource) {
    ObjectKey key = ObjectKey.of(object);
    ObjectKey path = verb == Verb.CREATE ? new ObjectKey(key.namespace(), "") : key;
    RequestBody body = RequestBody.encoded(JsonCodec.encode(type.codec(), object));
    return new ApiRequest(verb, target(type, path, subresource), user, plain, body);
  }

  @Override
  public <T extends ApiObject> List<Made<T>> createAll(ResourceType<T> type, List<T> objects) {
    List<ApiRequest> requests = new ArrayList<>(objects.size());
    objects.forEach(object -> requests.add(written(Verb.CREATE, type, object, "")));
    List<Made<T>> made = new ArrayList<>(objects.size());
    for (Outcome outcome : askAll(requests)) {
      made.add(
          switch (outcome) {
            case Outcome.Done(Answer answer) -> new Made.Done<>(single(type, answer));
            case Outcome.Refused(ApiFailure failure) -> new Made.Refused<>(failure);
          });
    }
    return made;
  }

  @Override
  public List<Optional<ApiFailure>> writeAll(List<? extends Write> writes) {
    List<ApiRequest> requests = new ArrayList<>(writes.size());
    writes.forEach(write -> requests.add(request(write)));
    return askAll(requests).stream().map(LocalClient::refusal).toList();
  }

  private List<Outcome> askAll(List<ApiRequest> requests) {
    try {
      return pipeline.handleAll(requests);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private ApiRequest request(Write write) {
    return switch (write) {
      case Write.Create<?> create -> request(create);
      case Write.UpdateStatus<?> update -> request(update);
      case Write.CreateSubresource<?> post -> request(post);
      case Write.Delete(var type, ObjectKey key, DeleteOptions options) ->
          new ApiRequest(
              Verb.DELETE, target(type, key, ""), user, RequestOptions.NONE, body(options));
    };
  }

  private <T extends ApiObject> ApiRequest request(Write.Create<T> create) {
    return written(Verb.CREATE, create.type(), create.object(), "");
  }

  private <T extends ApiObject> ApiRequest request(Write.UpdateStatus<T> update) {
    return written(Verb.UPDATE, update.type(), update.object(), "status");
  }

  private <S> ApiRequest request(Write.CreateSubresource<S> post) {
    RequestBody json = RequestBody.json(JsonCodec.encode(post.codec(), post.body()));
    Target target = target(post.parent(), post.key(), post.subresource());
    return new ApiRequest(Verb.CREATE, target, user, plain, json);
  }

  private static Optional<ApiFailure> refusal(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> Optional.empty();
      case Outcome.Refused(ApiFailure failure) -> Optional.of(failure);
    };
  }

  @Override
  public <T extends ApiObject> T patch(ResourceType<T> type, ObjectKey key, Patch patch) {
    Map<String, String> query = new HashMap<>();
    if (!patch.fieldManager().isEmpty()) {
      query.put("fieldManager", patch.fieldManager());
    }
    if (patch.force()) {
      query.put("force", "true");
    }
    RequestBody body =
        new RequestBody(patch.body().getBytes(StandardCharsets.UTF_8), patch.form().mediaType());
    Answer answer = ask(Verb.PATCH, target(type, key, patch.subresource()), options(query), body);
    boolean whole = patch.subresource().isEmpty() || patch.subresource().equals("status");
    // Else the answer is of the subresource's own kind, for instance Scale.
    return whole ? single(type, answer) : get(type, key);
  }

  @Override
  public <T extends ApiObject> void delete(
      ResourceType<T> type, ObjectKey key, DeleteOptions options) {
    ask(Verb.DELETE, target(type, key, ""), RequestOptions.NONE, body(options));
  }

  @Override
  public <T extends ApiObject> void deleteCollection(
      ResourceType<T> type, ListQuery query, DeleteOptions options) {
    ask(Verb.DELETE_COLLECTION, collection(type, query), options(query, Map.of()), body(options));
  }

  @Override
  public <S> S createSubresource(
      ResourceType<?> parent, ObjectKey key, String subresource, S body, Codec<S> codec) {
    Answer answer =
        ask(request(new Write.CreateSubresource<>(parent, key, subresource, body, codec)));
    boolean onlyStatus = subresource.equals("binding") || subresource.equals("eviction");
    return onlyStatus ? body : JsonCodec.decode(codec, bytes(answer));
  }

  private static RequestBody body(DeleteOptions options) {
    return RequestBody.json(JsonCodec.encode(DeleteOptions.CODEC, options));
  }

  private Answer ask(Verb verb, Target target, RequestOptions options, RequestBody body) {
    return ask(new ApiRequest(verb, target, user, options, body));
  }

  private Answer ask(ApiRequest request) {
    try {
      return pipeline.handle(request);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static ApiFailure interrupted() {
    Thread.currentThread().interrupt();
    return Failures.unavailable("the caller was interrupted while it waited for the store");
  }

  private <T extends ApiObject> T single(ResourceType<T> type, Answer answer) {
    return decoded.get(type, bytes(answer));
  }

  private static byte[] bytes(Answer answer) {
    if (answer instanceof Answer.Single single) {
      return single.json();
    }
    throw unexpected(answer);
  }

  private static IllegalStateException unexpected(Answer answer) {
    return new IllegalStateException("the pipeline answered with " + answer);
  }

  private static Target target(ResourceType<?> type, ObjectKey key, String subresource) {
    return new Target(
        type.group(), type.version(), type.plural(), key.namespace(), key.name(), subresource);
  }

  private static Target collection(ResourceType<?> type, ListQuery query) {
    return target(type, new ObjectKey(query.namespace(), ""), "");
  }

  private RequestOptions options(ListQuery query, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.put("labelSelector", query.labelSelector());
    all.put("fieldSelector", query.fieldSelector());
    return options(all);
  }

  private RequestOptions options(Map<String, String> query) {
    Map<String, List<String>> lists = new HashMap<>();
    lists.put("fieldManager", List.of(manager));
    query.forEach((name, value) -> lists.put(name, List.of(value)));
    return RequestOptions.parse(lists);
  }
}
