package dev.kapell.node;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.authentication.v1.TokenRequest;
import dev.kapell.api.authentication.v1.TokenRequestStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchEvent;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An API server in memory, as much of it as a node agent uses: revisions, conflicts, watches,
 * graceful deletion of pods.
 */
final class MemoryApi implements Client {
  private record Stream<T extends ApiObject>(
      ResourceType<T> type, ListQuery query, LinkedBlockingQueue<WatchEvent<T>> events) {}

  private final Map<String, TreeMap<ObjectKey, ApiObject>> tables = new TreeMap<>();
  private final List<Stream<?>> streams = new CopyOnWriteArrayList<>();
  private long revision = 1;
  private int statusWrites;

  synchronized int statusWrites() {
    return statusWrites;
  }

  private Map<ObjectKey, ApiObject> table(ResourceType<?> type) {
    return tables.computeIfAbsent(type.toString(), _ -> new TreeMap<>());
  }

  private static ApiFailure failure(int code, String reason, String message) {
    return new ApiFailure(Status.builder().code(code).reason(reason).message(message).build());
  }

  @SuppressWarnings("unchecked") // a table holds one type
  private <T extends ApiObject> T put(ResourceType<T> type, T object, boolean fresh) {
    // Through the wire form and back, as a real server does it.
    T stored =
        JsonCodec.decode(
            type.codec(),
            JsonCodec.encode(
                type.codec(),
                type.withMetadata(
                    object, object.metadata().withResourceVersion(String.valueOf(++revision)))));
    table(type).put(ObjectKey.of(stored), stored);
    tell(type, stored, fresh ? new WatchEvent.Added<>(stored) : new WatchEvent.Modified<>(stored));
    return stored;
  }

  @SuppressWarnings("unchecked") // a stream's type is compared first
  private <T extends ApiObject> void tell(ResourceType<T> type, T object, WatchEvent<T> event) {
    for (Stream<?> stream : streams) {
      if (stream.type().toString().equals(type.toString()) && covers(stream.query(), object)) {
        ((Stream<T>) stream).events().add(event);
      }
    }
  }

  private static boolean covers(ListQuery query, ApiObject object) {
    if (query.fieldSelector().startsWith("spec.nodeName=") && object instanceof Pod pod) {
      return pod.spec()
          .nodeNameOr("")
          .equals(query.fieldSelector().substring("spec.nodeName=".length()));
    }
    return query.namespace().isEmpty()
        || query.namespace().equals(object.metadata().namespaceOr(""));
  }

  @Override
  @SuppressWarnings("unchecked") // a table holds one type
  public synchronized <T extends ApiObject> Optional<T> find(ResourceType<T> type, ObjectKey key) {
    return Optional.ofNullable((T) table(type).get(key));
  }

  @Override
  public <T extends ApiObject> T get(ResourceType<T> type, ObjectKey key) {
    return find(type, key)
        .orElseThrow(() -> failure(404, "NotFound", type + " " + key + " not found"));
  }

  @Override
  @SuppressWarnings("unchecked") // a table holds one type
  public synchronized <T extends ApiObject> Listing<T> list(ResourceType<T> type, ListQuery query) {
    List<T> items = new ArrayList<>();
    table(type).values().stream().filter(o -> covers(query, o)).forEach(o -> items.add((T) o));
    return new Listing<>(items, String.valueOf(revision));
  }

  @Override
  @SuppressWarnings("unchecked") // a table holds one type
  public synchronized <T extends ApiObject> Watch<T> watch(
      ResourceType<T> type, ListQuery query, String resourceVersion) {
    Stream<T> stream = new Stream<>(type, query, new LinkedBlockingQueue<>());
    long from = Long.parseLong(resourceVersion);
    table(type).values().stream()
        .filter(o -> covers(query, o) && Long.parseLong(o.metadata().resourceVersionOr("0")) > from)
        .forEach(o -> stream.events().add(new WatchEvent.Modified<>((T) o)));
    streams.add(stream);
    return new Watch<>() {
      @Override
      public WatchEvent<T> next() throws InterruptedException {
        return stream.events().take();
      }

      @Override
      public void close() {
        streams.remove(stream);
      }
    };
  }

  @Override
  public synchronized <T extends ApiObject> T create(ResourceType<T> type, T object) {
    if (table(type).containsKey(ObjectKey.of(object))) {
      throw failure(409, "AlreadyExists", ObjectKey.of(object) + " already exists");
    }
    ObjectMeta meta =
        object
            .metadata()
            .withUid(UUID.randomUUID().toString())
            .withGeneration(1L)
            .withCreationTimestamp(Clock.system().now().truncatedTo(ChronoUnit.SECONDS));
    return put(type, type.withMetadata(object, meta), true);
  }

  @Override
  public synchronized <T extends ApiObject> T update(ResourceType<T> type, T object) {
    T current = get(type, ObjectKey.of(object));
    String asked = object.metadata().resourceVersionOr("");
    if (!asked.isEmpty() && !asked.equals(current.metadata().resourceVersionOr(""))) {
      throw failure(409, "Conflict", "the object has been modified");
    }
    ObjectMeta meta = object.metadata().withUid(current.metadata().uid());
    return put(type, type.withMetadata(object, meta), false);
  }

  @Override
  public synchronized <T extends ApiObject> T updateStatus(ResourceType<T> type, T object) {
    statusWrites++;
    return update(type, object);
  }

  @Override
  public <T extends ApiObject> T patch(ResourceType<T> type, ObjectKey key, Patch patch) {
    throw new UnsupportedOperationException("the agent does not patch");
  }

  @Override
  public synchronized <T extends ApiObject> void delete(
      ResourceType<T> type, ObjectKey key, DeleteOptions options) {
    T current = get(type, key);
    Long seconds = options.gracePeriodSeconds();
    if (current instanceof Pod && (seconds == null || seconds > 0)) {
      ObjectMeta meta =
          current
              .metadata()
              .withDeletionTimestamp(Clock.system().now().truncatedTo(ChronoUnit.SECONDS))
              .withDeletionGracePeriodSeconds(seconds == null ? 30L : seconds);
      put(type, type.withMetadata(current, meta), false);
      return;
    }
    table(type).remove(key);
    revision++;
    tell(
        type,
        current,
        new WatchEvent.Deleted<>(
            type.withMetadata(
                current, current.metadata().withResourceVersion(String.valueOf(revision)))));
  }

  @Override
  public <T extends ApiObject> void deleteCollection(
      ResourceType<T> type, ListQuery query, DeleteOptions options) {
    throw new UnsupportedOperationException("the agent deletes one by one");
  }

  @Override
  public <S> S getSubresource(
      ResourceType<?> parent, ObjectKey key, String subresource, Codec<S> codec) {
    throw new UnsupportedOperationException("the agent reads no subresource");
  }

  @Override
  @SuppressWarnings("unchecked") // only tokens are asked for
  public <S> S createSubresource(
      ResourceType<?> parent, ObjectKey key, String subresource, S body, Codec<S> codec) {
    TokenRequest request = (TokenRequest) body;
    Long seconds = request.spec().expirationSeconds();
    return (S)
        request.withStatus(
            TokenRequestStatus.builder()
                .token("token-of-" + key.name())
                .expirationTimestamp(
                    Clock.system().now().plusSeconds(seconds == null ? 3600 : seconds))
                .build());
  }
}
