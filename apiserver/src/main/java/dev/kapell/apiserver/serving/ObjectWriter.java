package dev.kapell.apiserver.serving;

import dev.kapell.api.Codec;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ProtoCodec;
import dev.kapell.api.meta.v1.PartialObjectMetadata;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.derived.Derived;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.table.Tables;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes one object in one form: for single answers, the items of a list and the events of a watch.
 *
 * <p>JSON as it is stored goes out as it is; everything else is made from it, once for all who ask
 * in that form. Only tables, which show ages, are made anew.
 */
final class ObjectWriter {
  private final Shared shared;
  private final Form form;
  private final Tables.Include include;

  /** What all writers share. */
  record Shared(Kinds kinds, Tables tables, Clock clock, Derived<Object, byte[]> made) {
    /** The forms that are kept together have no more bytes than this. */
    private static final long KEPT_BYTES = 32L << 20;

    Shared(Kinds kinds, Clock clock) {
      this(kinds, new Tables(), clock, new Derived<>(KEPT_BYTES, made -> made.length));
    }
  }

  ObjectWriter(Shared shared, Form form, Tables.Include include) {
    this.shared = shared;
    this.form = form;
    this.include = include;
  }

  Form form() {
    return form;
  }

  /** Written whole, with envelope where the form has one. */
  byte[] write(Resource resource, byte[] json, boolean withColumns) {
    return switch (form.view()) {
      case WHOLE ->
          form.encoding() == Form.Encoding.JSON
              ? json
              : shared.made().get(json, form, () -> whole(json));
      case METADATA -> shared.made().get(json, form, () -> metadata(json));
      case TABLE -> table(resource, json, withColumns);
    };
  }

  private byte[] whole(byte[] json) {
    return switch (form.encoding()) {
      case JSON -> json;
      case YAML -> yaml(JsonCodec.readTree(json));
      case PROTOBUF -> {
        Optional<Identity> identity = Identity.of(json);
        if (identity.isEmpty()) {
          yield json;
        }
        String apiVersion = identity.get().apiVersion();
        String kind = identity.get().kind();
        Optional<Codec<?>> codec = shared.kinds().find(apiVersion, kind);
        yield codec.isPresent()
            ? ProtoCodec.seal(apiVersion, kind, Kinds.toProtobuf(codec.get(), json))
            : json;
      }
    };
  }

  /** A kind as a bare protobuf message, without envelope. */
  byte[] message(Codec<?> codec, byte[] json) {
    return shared.made().get(json, codec, () -> Kinds.toProtobuf(codec, json));
  }

  /** The metadata of an object as a bare protobuf message. */
  byte[] metadataMessage(byte[] json) {
    return shared.made().get(json, PartialObjectMetadata.CODEC, () -> metadataProto(json));
  }

  private byte[] metadata(byte[] json) {
    Map<String, Object> tree = tree(json);
    if (isStatus(tree)) {
      return whole(json);
    }
    Map<String, Object> partial = Tables.partial(tree, form.viewVersion());
    if (form.encoding() == Form.Encoding.PROTOBUF) {
      return ProtoCodec.seal(
          "meta.k8s.io/" + form.viewVersion(), "PartialObjectMetadata", metadataMessage(json));
    }
    return encode(partial);
  }

  private static byte[] metadataProto(byte[] json) {
    byte[] partial = JsonCodec.writeTree(Tables.partial(tree(json), "v1"));
    return Kinds.toProtobuf(PartialObjectMetadata.CODEC, partial);
  }

  private byte[] table(Resource resource, byte[] json, boolean withColumns) {
    Map<String, Object> tree = tree(json);
    if (isStatus(tree)) {
      return whole(json);
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("resourceVersion", Obj.root(tree).child("metadata").text("resourceVersion"));
    Map<String, Object> table = tableHead(metadata);
    table.put("columnDefinitions", withColumns ? shared.tables().definitions(resource) : List.of());
    table.put("rows", List.of(row(resource, tree)));
    return encode(table);
  }

  Map<String, Object> tableHead(Map<String, Object> metadata) {
    return Obj.tree(
        "kind", "Table", "apiVersion", "meta.k8s.io/" + form.viewVersion(), "metadata", metadata);
  }

  Map<String, Object> row(Resource resource, Map<String, Object> tree) {
    return shared.tables().row(resource, tree, shared.clock().now(), include, form.viewVersion());
  }

  List<Object> columns(Resource resource) {
    return shared.tables().definitions(resource);
  }

  /** What the form shows of an object, as a tree. */
  Map<String, Object> shown(byte[] json) {
    Map<String, Object> tree = tree(json);
    return form.view() == Form.View.METADATA ? Tables.partial(tree, form.viewVersion()) : tree;
  }

  /** A tree in the form's text encoding. */
  byte[] encode(Map<String, Object> tree) {
    return form.encoding() == Form.Encoding.YAML ? yaml(tree) : JsonCodec.writeTree(tree);
  }

  static byte[] yaml(@org.jspecify.annotations.Nullable Object tree) {
    return Yaml.text(tree).getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isStatus(Map<String, Object> tree) {
    return "Status".equals(tree.get("kind")) && "v1".equals(tree.get("apiVersion"));
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  static Map<String, Object> tree(byte[] json) {
    return JsonCodec.readTree(json) instanceof Map<?, ?> map
        ? (Map<String, Object>) map
        : new LinkedHashMap<>();
  }
}
