package dev.kapell.api;

import dev.kapell.api.meta.v1.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of a kind that no record stands for: a custom resource. Immutable.
 *
 * @param apiVersion for instance {@code example.com/v1}
 * @param kind for instance {@code Widget}
 * @param metadata name, labels and the like
 * @param content everything else
 */
public record Unstructured(String apiVersion, String kind, ObjectMeta metadata, Json content)
    implements ApiObject {

  /** Objects of one custom kind. */
  public static ResourceType<Unstructured> type(
      String group, String version, String kind, String plural, boolean namespaced) {
    return new ResourceType<>(
        group,
        version,
        kind,
        plural,
        kind.toLowerCase(java.util.Locale.ROOT),
        namespaced,
        List.of(),
        List.of(),
        List.of("status"),
        new TreeCodec(new GroupVersion(group, version).toString(), kind),
        Unstructured::withMetadata);
  }

  /** The same with other metadata. */
  public Unstructured withMetadata(ObjectMeta other) {
    return new Unstructured(apiVersion, kind, other, content);
  }

  private record TreeCodec(String apiVersion, String kind) implements Codec<Unstructured> {
    @Override
    public Unstructured readJson(JsonIn in) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      ObjectMeta metadata = ObjectMeta.EMPTY;
      in.beginObject();
      for (String name = in.nextField(); name != null; name = in.nextField()) {
        switch (name) {
          case "apiVersion", "kind" -> in.skip();
          case "metadata" -> metadata = Collected.or(in.object(ObjectMeta.CODEC), ObjectMeta.EMPTY);
          default -> {
            Json value = in.json();
            members.put(name, value == null ? null : value.tree());
          }
        }
      }
      return new Unstructured(apiVersion, kind, metadata, Json.of(members));
    }

    @Override
    public void writeJson(Unstructured value, JsonOut out) {
      out.beginObject();
      out.field("apiVersion", value.apiVersion());
      out.field("kind", value.kind());
      out.object("metadata", value.metadata(), ObjectMeta.CODEC);
      if (value.content().tree() instanceof Map<?, ?> members) {
        members.forEach((name, member) -> out.field(String.valueOf(name), Json.of(member)));
      }
      out.endObject();
    }

    @Override
    public Unstructured readProto(ProtoIn in) {
      throw new DecodeException("custom resources have no protobuf form, use JSON");
    }

    @Override
    public void writeProto(Unstructured value, ProtoOut out) {
      throw new DecodeException("custom resources have no protobuf form, use JSON");
    }
  }

  /** The object as a new mutable tree. */
  public @Nullable Object tree() {
    return JsonCodec.toTree(new TreeCodec(apiVersion, kind), this);
  }

  /** Reads a tree with {@code apiVersion} and {@code kind}. */
  public static Unstructured of(String apiVersion, String kind, @Nullable Object tree) {
    return JsonCodec.fromTree(new TreeCodec(apiVersion, kind), tree, UnknownFields.IGNORE).value();
  }
}
