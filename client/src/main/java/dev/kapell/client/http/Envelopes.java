package dev.kapell.client.http;

import dev.kapell.api.ApiObject;
import dev.kapell.api.DecodeException;
import dev.kapell.api.Json;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.JsonIn;
import dev.kapell.api.JsonReader;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.meta.v1.ListMeta;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Listing;
import dev.kapell.client.WatchEvent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists and lines of a watch, whatever type they hold. */
final class Envelopes {
  private Envelopes() {}

  /** A list. */
  static <T extends ApiObject> JsonReader<Listing<T>> listing(JsonReader<T> items) {
    return in -> {
      List<T> found = List.of();
      ListMeta metadata = ListMeta.EMPTY;
      in.beginObject();
      for (String name = in.nextField(); name != null; name = in.nextField()) {
        switch (name) {
          case "items" -> found = in.list(() -> in.object(items));
          case "metadata" -> {
            ListMeta read = in.object(ListMeta.CODEC);
            metadata = read == null ? ListMeta.EMPTY : read;
          }
          default -> in.skip();
        }
      }
      return new Listing<>(found, metadata.resourceVersionOr(""));
    };
  }

  /**
   * A line of a watch, empty when this version does not know its type. Throws {@link ApiFailure}
   * for a line that reports one.
   */
  static <T extends ApiObject> Optional<WatchEvent<T>> event(JsonReader<T> codec, byte[] line) {
    return JsonCodec.decode(in -> readEvent(codec, in), line);
  }

  private static <T extends ApiObject> Optional<WatchEvent<T>> readEvent(
      JsonReader<T> codec, JsonIn in) {
    String type = "";
    @Nullable T object = null;
    @Nullable Status status = null;
    @Nullable Json early = null;
    in.beginObject();
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "type" -> {
          String read = in.string();
          type = read == null ? "" : read;
        }
        case "object" -> {
          if (type.isEmpty()) {
            early = in.json();
          } else if (type.equals("ERROR")) {
            status = in.object(Status.CODEC);
          } else {
            object = in.object(codec);
          }
        }
        default -> in.skip();
      }
    }
    if (early != null && type.equals("ERROR")) {
      status = fromTree(Status.CODEC, early);
    } else if (early != null) {
      object = fromTree(codec, early);
    }
    if (status != null) {
      throw new ApiFailure(status);
    }
    if (object == null) {
      throw new DecodeException("a watch event without an object");
    }
    return event(type, object);
  }

  private static <T> T fromTree(JsonReader<T> codec, Json json) {
    return JsonCodec.fromTree(codec, json.tree(), UnknownFields.IGNORE).value();
  }

  private static <T extends ApiObject> Optional<WatchEvent<T>> event(String type, T object) {
    return switch (type) {
      case "ADDED" -> Optional.of(new WatchEvent.Added<>(object));
      case "MODIFIED" -> Optional.of(new WatchEvent.Modified<>(object));
      case "DELETED" -> Optional.of(new WatchEvent.Deleted<>(object));
      case "BOOKMARK" ->
          Optional.of(new WatchEvent.Bookmark<>(object.metadata().resourceVersionOr("")));
      default -> Optional.empty();
    };
  }
}
