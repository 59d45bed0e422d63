package dev.kapell.sim.play;

import dev.kapell.api.ApiObject;
import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.util.Map;

/**
 * An object as a person writes it down, one that is known to be right. Immutable.
 *
 * @param yaml one document
 */
public record Manifest(String yaml) {
  private record Read<T extends ApiObject>(ResourceType<T> type, T object) {
    static <T extends ApiObject> Read<T> of(ResourceType<T> type, Object tree) {
      return new Read<>(type, JsonCodec.fromTree(type.codec(), tree, UnknownFields.STRICT).value());
    }

    void create(Client client) {
      client.create(type, object);
    }

    void delete(Client client) {
      DeleteOptions options = DeleteOptions.builder().propagationPolicy("Background").build();
      client.delete(type, ObjectKey.of(object), options);
    }
  }

  private Read<?> read() {
    if (Yaml.document(yaml) instanceof Map<?, ?> tree) {
      String version = String.valueOf(tree.get("apiVersion"));
      String kind = String.valueOf(tree.get("kind"));
      return Read.of(
          Types.find(version, kind)
              .orElseThrow(() -> new DecodeException("no kind " + kind + " in " + version)),
          tree);
    }
    throw new DecodeException("no object: " + yaml);
  }

  void create(Client client) {
    read().create(client);
  }

  void delete(Client client) {
    read().delete(client);
  }

  @Override
  public String toString() {
    Read<?> read = read();
    return read.type().kind() + " " + ObjectKey.of(read.object());
  }
}
