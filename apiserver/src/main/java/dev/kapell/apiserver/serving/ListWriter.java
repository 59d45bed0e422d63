package dev.kapell.apiserver.serving;

import dev.kapell.api.Codec;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ProtoCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.ListMeta;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.table.Tables;
import dev.kapell.apiserver.tree.Obj;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes lists. In JSON the stored bytes go out between commas; nothing is decoded. */
final class ListWriter {
  private static final byte[] COMMA = {','};
  private static final byte[] END = "]}\n".getBytes(StandardCharsets.US_ASCII);

  private final ObjectWriter objects;

  ListWriter(ObjectWriter objects) {
    this.objects = objects;
  }

  List<byte[]> write(Answer.Listed listed) {
    Form form = objects.form();
    return switch (form.view()) {
      case TABLE -> List.of(table(listed));
      case METADATA ->
          form.encoding() == Form.Encoding.PROTOBUF
              ? List.of(metadataProtobuf(listed))
              : List.of(metadata(listed));
      case WHOLE ->
          switch (form.encoding()) {
            case JSON -> json(listed);
            case YAML -> List.of(yaml(listed));
            case PROTOBUF -> List.of(protobuf(listed));
          };
    };
  }

  private static Map<String, Object> metadataTree(Answer.Listed listed) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("resourceVersion", listed.resourceVersion());
    if (!listed.continueToken().isEmpty()) {
      metadata.put("continue", listed.continueToken());
    }
    if (listed.remaining() > 0) {
      metadata.put("remainingItemCount", listed.remaining());
    }
    return metadata;
  }

  private static List<byte[]> json(Answer.Listed listed) {
    Resource resource = listed.resource();
    String head =
        "{\"kind\":\""
            + resource.listKind()
            + "\",\"apiVersion\":\""
            + resource.apiVersion()
            + "\",\"metadata\":"
            + new String(JsonCodec.writeTree(metadataTree(listed)), StandardCharsets.UTF_8)
            + ",\"items\":[";
    List<byte[]> segments = new ArrayList<>(2 * listed.items().size() + 2);
    segments.add(head.getBytes(StandardCharsets.UTF_8));
    boolean first = true;
    for (byte[] item : listed.items()) {
      if (!first) {
        segments.add(COMMA);
      }
      first = false;
      segments.add(item);
    }
    segments.add(END);
    return segments;
  }

  /** The list in JSON, in one piece. */
  static byte[] whole(Answer.Listed listed) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    json(listed).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static byte[] yaml(Answer.Listed listed) {
    List<Object> items = new ArrayList<>();
    listed.items().forEach(item -> items.add(ObjectWriter.tree(item)));
    return Yaml.text(
            Obj.tree(
                "kind", listed.resource().listKind(),
                "apiVersion", listed.resource().apiVersion(),
                "metadata", metadataTree(listed),
                "items", items))
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] table(Answer.Listed listed) {
    List<Object> rows = new ArrayList<>(listed.items().size());
    for (byte[] item : listed.items()) {
      rows.add(objects.row(listed.resource(), ObjectWriter.tree(item)));
    }
    Map<String, Object> table = objects.tableHead(metadataTree(listed));
    table.put("columnDefinitions", objects.columns(listed.resource()));
    table.put("rows", rows);
    return objects.encode(table);
  }

  private byte[] metadata(Answer.Listed listed) {
    String version = objects.form().viewVersion();
    List<Object> items = new ArrayList<>(listed.items().size());
    for (byte[] item : listed.items()) {
      items.add(Tables.partial(ObjectWriter.tree(item), version));
    }
    return objects.encode(
        Obj.tree(
            "kind",
            "PartialObjectMetadataList",
            "apiVersion",
            "meta.k8s.io/" + version,
            "metadata",
            metadataTree(listed),
            "items",
            items));
  }

  private byte[] metadataProtobuf(Answer.Listed listed) {
    Message list = new Message();
    list.put(1, ProtoCodec.encode(ListMeta.CODEC, listMeta(listed)));
    listed.items().forEach(item -> list.put(2, ObjectWriter.metadataProto(item)));
    String apiVersion = "meta.k8s.io/" + objects.form().viewVersion();
    return ProtoCodec.seal(apiVersion, "PartialObjectMetadataList", list.bytes());
  }

  private static byte[] protobuf(Answer.Listed listed) {
    ResourceType<?> type = listed.resource().type().orElseThrow();
    return protobuf(listed, type.codec());
  }

  private static <T> byte[] protobuf(Answer.Listed listed, Codec<T> codec) {
    Message list = new Message();
    list.put(1, ProtoCodec.encode(ListMeta.CODEC, listMeta(listed)));
    listed.items().forEach(item -> list.put(2, Kinds.toProtobuf(codec, item)));
    return ProtoCodec.seal(
        listed.resource().apiVersion(), listed.resource().listKind(), list.bytes());
  }

  private static ListMeta listMeta(Answer.Listed listed) {
    ListMeta.Builder meta = ListMeta.builder().resourceVersion(listed.resourceVersion());
    if (!listed.continueToken().isEmpty()) {
      meta.continue_(listed.continueToken());
    }
    if (listed.remaining() > 0) {
      meta.remainingItemCount(listed.remaining());
    }
    return meta.build();
  }

  /** A protobuf message of length-delimited fields. */
  static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message put(int field, byte[] bytes) {
      varint(((long) field << 3) | 2);
      varint(bytes.length);
      out.write(bytes, 0, bytes.length);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
