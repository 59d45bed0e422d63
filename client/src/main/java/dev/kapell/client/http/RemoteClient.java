package dev.kapell.client.http;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.JsonReader;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.client.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The API of a server elsewhere. Every method throws {@link ApiFailure} when the server refuses and
 * {@link UnreachableException} when it does not answer. Thread-safe; blocking, for virtual threads.
 */
public final class RemoteClient implements Client {
  private static final String JSON = "application/json";
  private static final int LONGEST_MESSAGE = 500;

  private final Connection connection;

  /** Over a connection, which the caller closes. */
  public RemoteClient(Connection connection) {
    this.connection = connection;
  }

  @Override
  public <T extends ApiObject> Optional<T> find(ResourceType<T> type, ObjectKey key) {
    Connection.Answer answer = connection.get(Paths.object(type, key), JSON);
    if (answer.code() == 404 && failure(answer).isNotFound()) {
      return Optional.empty();
    }
    return Optional.of(read(type.codec(), answer));
  }

  @Override
  public <T extends ApiObject> T get(ResourceType<T> type, ObjectKey key) {
    return read(type.codec(), connection.get(Paths.object(type, key), JSON));
  }

  @Override
  public <S> S getSubresource(
      ResourceType<?> parent, ObjectKey key, String subresource, Codec<S> codec) {
    return read(codec, connection.get(Paths.subresource(parent, key, subresource), JSON));
  }

  @Override
  public <T extends ApiObject> Listing<T> list(ResourceType<T> type, ListQuery query) {
    return read(Envelopes.listing(type.codec()), connection.get(Paths.listing(type, query), JSON));
  }

  @Override
  public <T extends ApiObject> Watch<T> watch(
      ResourceType<T> type, ListQuery query, String resourceVersion) {
    Connection.Stream stream = connection.open(Paths.watch(type, query, resourceVersion), JSON);
    if (stream.code() == 200) {
      return new RemoteWatch<>(type.codec(), stream);
    }
    try (stream) {
      throw failure(new Connection.Answer(stream.code(), stream.body().readAllBytes()));
    } catch (IOException e) {
      throw new UnreachableException("the refusal of a watch could not be read", e);
    }
  }

  @Override
  public <T extends ApiObject> T create(ResourceType<T> type, T object) {
    String path = Paths.collection(type, object.metadata().namespaceOr(""));
    return write("POST", path, type.codec(), object);
  }

  @Override
  public <T extends ApiObject> T update(ResourceType<T> type, T object) {
    return write("PUT", Paths.object(type, ObjectKey.of(object)), type.codec(), object);
  }

  @Override
  public <T extends ApiObject> T updateStatus(ResourceType<T> type, T object) {
    String path = Paths.subresource(type, ObjectKey.of(object), "status");
    return write("PUT", path, type.codec(), object);
  }

  private <T> T write(String method, String path, Codec<T> codec, T value) {
    return read(codec, connection.send(method, path, JSON, JsonCodec.encode(codec, value)));
  }

  @Override
  public <T extends ApiObject> T patch(ResourceType<T> type, ObjectKey key, Patch patch) {
    String path =
        new Paths.Query(Paths.subresource(type, key, patch.subresource()))
            .add("fieldManager", patch.fieldManager())
            .add("force", patch.force() ? "true" : "")
            .toString();
    byte[] body = patch.body().getBytes(StandardCharsets.UTF_8);
    Connection.Answer answer = connection.send("PATCH", path, patch.form().mediaType(), body);
    if (patch.subresource().isEmpty() || patch.subresource().equals("status")) {
      return read(type.codec(), answer);
    }
    // The answer is of the subresource's own kind, for instance Scale.
    refuseFailure(answer);
    return get(type, key);
  }

  @Override
  public <T extends ApiObject> void delete(
      ResourceType<T> type, ObjectKey key, DeleteOptions options) {
    byte[] body = JsonCodec.encode(DeleteOptions.CODEC, options);
    refuseFailure(connection.send("DELETE", Paths.object(type, key), JSON, body));
  }

  @Override
  public <T extends ApiObject> void deleteCollection(
      ResourceType<T> type, ListQuery query, DeleteOptions options) {
    byte[] body = JsonCodec.encode(DeleteOptions.CODEC, options);
    refuseFailure(connection.send("DELETE", Paths.listing(type, query), JSON, body));
  }

  @Override
  public <S> S createSubresource(
      ResourceType<?> parent, ObjectKey key, String subresource, S body, Codec<S> codec) {
    String path = Paths.subresource(parent, key, subresource);
    Connection.Answer answer = connection.send("POST", path, JSON, JsonCodec.encode(codec, body));
    refuseFailure(answer);
    boolean onlyStatus =
        JsonCodec.readTree(answer.body()) instanceof Map<?, ?> tree
            && "Status".equals(tree.get("kind"));
    return onlyStatus ? body : read(codec, answer);
  }

  private static <T> T read(JsonReader<T> reader, Connection.Answer answer) {
    refuseFailure(answer);
    return JsonCodec.decode(reader, answer.body());
  }

  private static void refuseFailure(Connection.Answer answer) {
    if (!answer.isSuccess()) {
      throw failure(answer);
    }
  }

  /** The server's own words; when they are not a {@code Status}, one around them. */
  private static ApiFailure failure(Connection.Answer answer) {
    try {
      Status status = JsonCodec.decode(Status.CODEC, answer.body());
      if (status.code() != null) {
        return new ApiFailure(status);
      }
    } catch (DecodeException e) {
      // Something between us and the server answered; its text is all there is.
      return new ApiFailure(around(answer));
    }
    return new ApiFailure(around(answer));
  }

  private static Status around(Connection.Answer answer) {
    int length = Math.min(LONGEST_MESSAGE, answer.body().length);
    String text = new String(answer.body(), 0, length, StandardCharsets.UTF_8).strip();
    return Status.builder()
        .status("Failure")
        .code(answer.code())
        .reason(answer.code() == 404 ? "NotFound" : "Unknown")
        .message("the server answered " + answer.code() + (text.isEmpty() ? "" : ": " + text))
        .build();
  }
}
