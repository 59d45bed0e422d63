package dev.kapell.apiserver.local;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.json.JsonCodec;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
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
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.client.Watch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes through the pipeline as one user. Thread-safe; blocking, for virtual threads. */
public final class LocalClient implements Client {
  private final Pipeline pipeline;
  private final User user;

  /** A client that acts as {@code user}. */
  public LocalClient(Pipeline pipeline, User user) {
    this.pipeline = pipeline;
    this.user = user;
  }

  @Override
  public <T extends ApiObject> Optional<T> find(ResourceType<T> type, ObjectKey key) {
    try {
      return Optional.of(get(type, key));
    } catch (ApiFailure failure) {
      if (failure.isNotFound()) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  @Override
  public <T extends ApiObject> T get(ResourceType<T> type, ObjectKey key) {
    return single(type.codec(), request(Verb.GET, target(type, key, ""), Map.of(), RequestBody.NONE));
  }

  @Override
  public <T extends ApiObject> Listing<T> list(ResourceType<T> type, ListQuery query) {
    Answer answer = handle(request(Verb.LIST, collection(type, query), parameters(query), RequestBody.NONE));
    if (!(answer instanceof Answer.Listed listed)) {
      throw unexpected(answer);
    }
    List<T> items = new ArrayList<>(listed.items().size());
    for (byte[] item : listed.items()) {
      items.add(JsonCodec.decode(type.codec(), item));
    }
    return new Listing<>(items, listed.resourceVersion());
  }

  @Override
  public <T extends ApiObject> Watch<T> watch(
      ResourceType<T> type, ListQuery query, String resourceVersion) {
    Map<String, List<String>> parameters = parameters(query);
    parameters.put("resourceVersion", List.of(resourceVersion));
    parameters.put("allowWatchBookmarks", List.of("true"));
    Answer answer = handle(request(Verb.WATCH, collection(type, query), parameters, RequestBody.NONE));
    if (!(answer instanceof Answer.Watching watching)) {
      throw unexpected(answer);
    }
    return new LocalWatch<>(type.codec(), watching.stream());
  }

  @Override
  public <T extends ApiObject> T create(ResourceType<T> type, T object) {
    ObjectKey key = ObjectKey.of(object);
    Target target = target(type, new ObjectKey(key.namespace(), ""), "");
    return single(type.codec(), request(Verb.CREATE, target, Map.of(), body(type.codec(), object)));
  }

  @Override
  public <T extends ApiObject> T update(ResourceType<T> type, T object) {
    return put(type, object, "");
  }

  @Override
  public <T extends ApiObject> T updateStatus(ResourceType<T> type, T object) {
    return put(type, object, "status");
  }

  private <T extends ApiObject> T put(ResourceType<T> type, T object, String subresource) {
    Target target = target(type, ObjectKey.of(object), subresource);
    return single(type.codec(), request(Verb.UPDATE, target, Map.of(), body(type.codec(), object)));
  }

  @Override
  public <T extends ApiObject> T patch(ResourceType<T> type, ObjectKey key, Patch patch) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (!patch.fieldManager().isEmpty()) {
      parameters.put("fieldManager", List.of(patch.fieldManager()));
    }
    if (patch.force()) {
      parameters.put("force", List.of("true"));
    }
    RequestBody body =
        new RequestBody(patch.body().getBytes(StandardCharsets.UTF_8), patch.form().mediaType());
    return single(
        type.codec(), request(Verb.PATCH, target(type, key, patch.subresource()), parameters, body));
  }

  @Override
  public <T extends ApiObject> void delete(
      ResourceType<T> type, ObjectKey key, DeleteOptions options) {
    handle(request(Verb.DELETE, target(type, key, ""), Map.of(), body(DeleteOptions.CODEC, options)));
  }

  @Override
  public <T extends ApiObject> void deleteCollection(
      ResourceType<T> type, ListQuery query, DeleteOptions options) {
    handle(
        request(
            Verb.DELETE_COLLECTION,
            collection(type, query),
            parameters(query),
            body(DeleteOptions.CODEC, options)));
  }

  @Override
  public <S> S createSubresource(
      ResourceType<?> parent, ObjectKey key, String subresource, S body, Codec<S> codec) {
    Answer answer =
        handle(
            request(Verb.CREATE, target(parent, key, subresource), Map.of(), body(codec, body)));
    if (subresource.equals("binding") || subresource.equals("eviction")) {
      return body;
    }
    if (answer instanceof Answer.Single single) {
      return JsonCodec.decode(codec, single.json());
    }
    throw unexpected(answer);
  }

  private <T> T single(Codec<T> codec, ApiRequest request) {
    Answer answer = handle(request);
    if (answer instanceof Answer.Single single) {
      return JsonCodec.decode(codec, single.json());
    }
    throw unexpected(answer);
  }

  private Answer handle(ApiRequest request) {
    try {
      return pipeline.handle(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.unavailable("interrupted while waiting for the store");
    }
  }

  private static IllegalStateException unexpected(Answer answer) {
    return new IllegalStateException("unexpected answer " + answer.getClass().getSimpleName());
  }

  private ApiRequest request(
      Verb verb, Target target, Map<String, List<String>> parameters, RequestBody body) {
    RequestOptions options =
        parameters.isEmpty() ? RequestOptions.NONE : RequestOptions.parse(parameters);
    return new ApiRequest(verb, target, user, options, body);
  }

  private static Target target(ResourceType<?> type, ObjectKey key, String subresource) {
    return new Target(
        type.group(), type.version(), type.plural(), key.namespace(), key.name(), subresource);
  }

  private static Target collection(ResourceType<?> type, ListQuery query) {
    return target(type, new ObjectKey(query.namespace(), ""), "");
  }

  private static Map<String, List<String>> parameters(ListQuery query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (!query.labelSelector().isEmpty()) {
      parameters.put("labelSelector", List.of(query.labelSelector()));
    }
    if (!query.fieldSelector().isEmpty()) {
      parameters.put("fieldSelector", List.of(query.fieldSelector()));
    }
    return parameters;
  }

  private static <T> RequestBody body(Codec<T> codec, T value) {
    return RequestBody.json(JsonCodec.encode(codec, value));
  }
}
