package dev.kapell.api.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.kapell.api.Codec;
import dev.kapell.api.json.JsonCodec;
import dev.kapell.api.json.UnknownFields;
import dev.kapell.api.proto.ProtoCodec;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import io.kubernetes.client.openapi.JSON;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each check runs over every type, and lists all types that fail it with the seed. */
@DisplayName("For every type, a random object")
class EveryTypeTest {
  private static final long SEED = 20_261_121;

  private static Published published;

  private interface Check {
    void run(Class<?> type, Codec<Object> codec, Object value) throws Exception;
  }

  @BeforeAll
  static void readPublished() throws Exception {
    published = new Published();
  }

  @Test
  @DisplayName("goes through our JSON and comes back equal")
  void json() {
    forEveryType(
        (type, codec, value) ->
            assertThat(JsonCodec.decode(codec, JsonCodec.encode(codec, value), UnknownFields.STRICT).value()).isEqualTo(value));
  }

  @Test
  @DisplayName("becomes a tree and comes back equal")
  void tree() {
    forEveryType(
        (type, codec, value) ->
            assertThat(JsonCodec.fromTree(codec, JsonCodec.toTree(codec, value), UnknownFields.STRICT).value()).isEqualTo(value));
  }

  @Test
  @DisplayName("goes through our protobuf and comes back equal")
  void protobuf() {
    forEveryType(
        (type, codec, value) -> {
          if (published.message(name(type)).isPresent()) {
            assertThat(ProtoCodec.decode(codec, ProtoCodec.encode(codec, value))).isEqualTo(value);
          }
        });
  }

  @Test
  @DisplayName("is read by the published client's JSON, which writes the same")
  void publishedJson() {
    forEveryType(
        (type, codec, value) -> {
          Optional<Class<?>> model = published.model(name(type));
          if (model.isPresent()) {
            String ours = new String(JsonCodec.encode(codec, value), StandardCharsets.UTF_8);
            Object theirs = JSON.getGson().fromJson(ours, model.get());
            byte[] back = JSON.getGson().toJson(theirs).getBytes(StandardCharsets.UTF_8);
            assertThat(JsonCodec.decode(codec, back, UnknownFields.STRICT).value()).isEqualTo(value);
          }
        });
  }

  @Test
  @DisplayName("is read by the published descriptors, which write the same and know every field")
  void publishedProtobuf() {
    forEveryType(
        (type, codec, value) -> {
          Optional<Descriptor> message = published.message(name(type));
          if (message.isPresent()) {
            DynamicMessage theirs = DynamicMessage.parseFrom(message.get(), ProtoCodec.encode(codec, value));
            assertThat(unknownFields(theirs)).isEmpty();
            assertThat(ProtoCodec.decode(codec, theirs.toByteArray())).isEqualTo(value);
          }
        });
  }

  @Test
  @DisplayName("has a record, whatever the published client has a class for")
  void complete() {
    List<String> missing = new ArrayList<>();
    List<Class<?>> ours = new ArrayList<>();
    for (TypeSchema type : Schema.all()) {
      published.model(type.name()).ifPresent(ours::add);
    }
    published.models().forEach((name, model) -> {
      if (!ours.contains(model) && !name.equals("AbstractOpenApiSchema") && !name.equals("VersionInfo")) {
        missing.add(name);
      }
    });
    assertThat(missing).isEmpty();
    assertThat(Schema.all()).hasSizeGreaterThan(700);
  }

  private static String name(Class<?> type) {
    return type.getName().substring("dev.kapell.api.".length());
  }

  private static List<String> unknownFields(Message message) {
    List<String> found = new ArrayList<>();
    if (!message.getUnknownFields().asMap().isEmpty()) {
      found.add(message.getDescriptorForType().getFullName() + " " + message.getUnknownFields().asMap().keySet());
    }
    for (Object value : message.getAllFields().values()) {
      for (Object item : value instanceof List<?> list ? list : List.of(value)) {
        if (item instanceof Message nested) {
          found.addAll(unknownFields(nested));
        }
      }
    }
    return found;
  }

  private static void forEveryType(Check check) {
    List<String> failures = new ArrayList<>();
    for (TypeSchema type : Schema.all()) {
      try {
        Class<?> record = RandomRecords.classOf(type.name());
        Object value = new RandomRecords(SEED + type.name().hashCode()).next(record);
        check.run(record, RandomRecords.codecOf(record), value);
      } catch (Exception | AssertionError e) {
        String message = String.valueOf(e.getMessage() == null ? e : e.getMessage()).strip();
        failures.add(type.name() + ": " + message.substring(0, Math.min(message.length(), 600)));
      }
    }
    assertThat(failures).as("types that fail, seed " + SEED).isEmpty();
  }
}
