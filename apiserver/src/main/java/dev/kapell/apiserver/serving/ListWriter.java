package dev.kapell.apiserver.serving;

import dev.kapell.api.Codec;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ProtoCodec;
import dev.kapell.api.ProtoOut;
import dev.kapell.api.meta.v1.ListMeta;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Writes lists. In JSON the stored bytes go out between commas; nothing is decoded. Other forms are
 * put together from what is kept of each item.
 */
final class ListWriter {
  private static final String METADATA_LIST = "PartialObjectMetadataList";
  private static final int HEAD_BYTES = 24;
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
      case METADATA -> {
        String apiVersion = "meta.k8s.io/" + form.viewVersion();
        yield switch (form.encoding()) {
          case JSON -> json(listed, apiVersion, METADATA_LIST);
          case YAML -> List.of(yaml(listed, apiVersion, METADATA_LIST));
          case PROTOBUF -> protobuf(listed, apiVersion, METADATA_LIST, objects::metadataMessage);
        };
      }
      case WHOLE -> {
        String apiVersion = listed.resource().apiVersion();
        String kind = listed.resource().listKind();
        yield switch (form.encoding()) {
          case JSON -> json(listed, apiVersion, kind);
          case YAML -> List.of(yaml(listed, apiVersion, kind));
          case PROTOBUF -> {
            Codec<?> codec = listed.resource().type().orElseThrow().codec();
            yield protobuf(listed, apiVersion, kind, item -> objects.message(codec, item));
          }
        };
      }
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

  /** The list in JSON, in one piece. */
  static byte[] whole(Answer.Listed listed) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Resource resource = listed.resource();
    json(listed, resource.apiVersion(), resource.listKind(), item -> item).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private List<byte[]> json(Answer.Listed listed, String apiVersion, String kind) {
    return json(listed, apiVersion, kind, item -> objects.write(listed.resource(), item, false));
  }

  private static List<byte[]> json(
      Answer.Listed listed, String apiVersion, String kind, UnaryOperator<byte[]> written) {
    String head =
        "{\"kind\":\""
            + kind
            + "\",\"apiVersion\":\""
            + apiVersion
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
      segments.add(written.apply(item));
    }
    segments.add(END);
    return segments;
  }

  private byte[] yaml(Answer.Listed listed, String apiVersion, String kind) {
    List<Object> items = new ArrayList<>();
    listed.items().forEach(item -> items.add(objects.shown(item)));
    return objects.encode(
        Obj.tree(
            "kind", kind,
            "apiVersion", apiVersion,
            "metadata", metadataTree(listed),
            "items", items));
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

  /** The message is never put together: its parts go out one after the other. */
  private static List<byte[]> protobuf(
      Answer.Listed listed, String apiVersion, String kind, UnaryOperator<byte[]> message) {
    List<byte[]> segments = new ArrayList<>(2 * listed.items().size() + 4);
    segments.add(new byte[0]); // the envelope's head, which tells the length of what follows
    long size = add(1, ProtoCodec.encode(ListMeta.CODEC, listMeta(listed)), segments);
    for (byte[] item : listed.items()) {
      size += add(2, message.apply(item), segments);
    }
    ProtoCodec.Seal seal = ProtoCodec.seal(apiVersion, kind, size);
    segments.set(0, seal.before());
    segments.add(seal.after());
    return segments;
  }

  private static long add(int field, byte[] message, List<byte[]> segments) {
    ProtoOut out = new ProtoOut(HEAD_BYTES);
    out.head(field, message.length);
    byte[] head = out.toBytes();
    segments.add(head);
    segments.add(message);
    return (long) head.length + message.length;
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
}
