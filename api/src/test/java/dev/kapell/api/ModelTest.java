package dev.kapell.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import io.kubernetes.client.openapi.JSON;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * For every type: what we write the published client reads, what it writes we read, and nothing is
 * lost on the way.
 */
class ModelTest {
  private static final int SEEDS = 2;
  private static final Map<String, Descriptor> DESCRIPTORS = new HashMap<>();
  private static final Map<String, Class<?>> MODELS = new HashMap<>();

  @BeforeAll
  static void readPublished() throws Exception {
    for (String name :
        classesBeside(
            Class.forName("io.kubernetes.client.proto.Runtime"), "io/kubernetes/client/proto/")) {
      FileDescriptor descriptor =
          (FileDescriptor) Class.forName(name).getMethod("getDescriptor").invoke(null);
      descriptor.getMessageTypes().forEach(message -> DESCRIPTORS.put(key(message), message));
    }
    for (String name :
        classesBeside(
            Class.forName("io.kubernetes.client.openapi.models.V1Pod"),
            "io/kubernetes/client/openapi/models/")) {
      MODELS.put(name.substring(name.lastIndexOf('.') + 1), Class.forName(name));
    }
  }

  private static List<String> classesBeside(Class<?> any, String folder) throws Exception {
    var jar = new java.io.File(any.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile file = new JarFile(jar)) {
      return Collections.list(file.entries()).stream()
          .map(JarEntry::getName)
          .filter(name -> name.startsWith(folder) && name.endsWith(".class") && !name.contains("$"))
          .map(name -> name.replace('/', '.').replace(".class", ""))
          .toList();
    }
  }

  private static String key(Descriptor message) {
    String[] parts = message.getFullName().split("\\.", -1);
    String group = parts[parts.length - 3].replace("apiserverinternal", "internal");
    return group + "." + parts[parts.length - 2] + "." + parts[parts.length - 1];
  }

  @FunctionalInterface
  private interface Judge {
    void judge(Class<?> type, String name, Object value) throws Exception;
  }

  private static void forEveryType(Set<String> leftOut, Judge judge) throws Exception {
    int judged = 0;
    for (TypeSchema schema : Schema.all()) {
      Class<?> type = Class.forName("dev.kapell.api." + schema.name());
      for (long seed = 0; seed < SEEDS; seed++) {
        try {
          judge.judge(type, schema.name(), new RandomRecords(seed, leftOut).record(type));
        } catch (Exception | AssertionError e) {
          throw new AssertionError(schema.name() + ", seed " + seed + ": " + e.getMessage(), e);
        }
        judged++;
      }
    }
    assertThat(judged).as("types judged").isGreaterThan(600 * SEEDS);
  }

  @SuppressWarnings("unchecked") // the codec is of the record it stands on
  private static Codec<Object> codec(Class<?> type) throws ReflectiveOperationException {
    return (Codec<Object>) Objects.requireNonNull(type.getField("CODEC").get(null));
  }

  @Test
  void jsonComesBackEqual() throws Exception {
    forEveryType(
        Set.of(),
        (type, name, value) -> {
          byte[] text = JsonCodec.encode(codec(type), value);
          assertThat(JsonCodec.decode(codec(type), text, UnknownFields.STRICT).value())
              .isEqualTo(value);
        });
  }

  @Test
  void protobufComesBackEqual() throws Exception {
    forEveryType(
        Set.of(),
        (type, name, value) -> {
          if (DESCRIPTORS.containsKey(name)) {
            assertThat(ProtoCodec.decode(codec(type), ProtoCodec.encode(codec(type), value)))
                .isEqualTo(value);
          }
        });
  }

  @Test
  void publishedDescriptorsReadAndWriteTheSame() throws Exception {
    int[] judged = {0};
    forEveryType(
        Set.of(),
        (type, name, value) -> {
          Descriptor descriptor = DESCRIPTORS.get(name);
          // The published descriptor of these is older than their class: it lacks a field.
          if (descriptor == null || name.startsWith("certificates.v1beta1.PodCertificateRequest")) {
            return;
          }
          judged[0]++;
          DynamicMessage message =
              DynamicMessage.parseFrom(descriptor, ProtoCodec.encode(codec(type), value));
          assertThat(unknownFields(message, name))
              .as("fields that the published descriptor does not know")
              .isEmpty();
          assertThat(ProtoCodec.decode(codec(type), message.toByteArray())).isEqualTo(value);
        });
    assertThat(judged[0])
        .as("types that the published descriptors have")
        .isGreaterThan(600 * SEEDS);
  }

  @Test
  void everyPublishedClassHasARecord() throws Exception {
    Set<Class<?>> met = new HashSet<>();
    for (TypeSchema schema : Schema.all()) {
      Class<?> published = published(schema.name());
      if (published != null) {
        met.add(published);
      }
    }
    List<String> missing = new ArrayList<>();
    MODELS.forEach(
        (name, model) -> {
          // Neither stands for a type of its own: a base class, and the answer of /version.
          boolean counts = !name.equals("AbstractOpenApiSchema") && !name.equals("VersionInfo");
          if (counts && !met.contains(model)) {
            missing.add(name);
          }
        });
    assertThat(missing).isEmpty();
  }

  private static List<String> unknownFields(Message message, String path) {
    List<String> unknown = new ArrayList<>();
    message.getUnknownFields().asMap().keySet().forEach(number -> unknown.add(path + "#" + number));
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              List<?> values = field.isRepeated() ? (List<?>) value : List.of(value);
              values.forEach(
                  one -> {
                    if (one instanceof Message nested) {
                      unknown.addAll(unknownFields(nested, path + "." + field.getName()));
                    }
                  });
            });
    return unknown;
  }

  @Test
  void publishedClientReadsAndWritesTheSameJson() throws Exception {
    int[] judged = {0};
    forEveryType(
        // The published client drops managed fields when it writes.
        Set.of("managedFields"),
        (type, name, value) -> {
          Class<?> published = published(name);
          if (published == null) {
            return;
          }
          judged[0]++;
          String ours = new String(JsonCodec.encode(codec(type), value), StandardCharsets.UTF_8);
          Object theirs = JSON.deserialize(ours, published);
          byte[] back = JSON.serialize(theirs).getBytes(StandardCharsets.UTF_8);
          assertThat(JsonCodec.decode(codec(type), back, UnknownFields.STRICT).value())
              .isEqualTo(value);
        });
    assertThat(judged[0]).as("types that the published client has").isGreaterThan(550 * SEEDS);
  }

  /**
   * {@code core.v1.Event} is {@code CoreV1Event} or {@code V1Event} there; null when it has none,
   * or keeps it in another shape.
   */
  private static @Nullable Class<?> published(String name) {
    String[] parts = name.split("\\.", -1);
    String versioned = capitalized(parts[1]) + parts[2];
    for (String candidate : List.of(capitalized(parts[0]) + versioned, versioned)) {
      Class<?> type = MODELS.get(candidate);
      if (type != null) {
        return hasOurFields(type, name) ? type : null;
      }
    }
    return null;
  }

  /** Types of several groups can share a name there; the fields tell whether it is this one. */
  private static boolean hasOurFields(Class<?> type, String name) {
    List<String> theirs = new ArrayList<>();
    for (var field : type.getDeclaredFields()) {
      var serialized = field.getAnnotation(com.google.gson.annotations.SerializedName.class);
      if (serialized != null) {
        theirs.add(serialized.value());
      }
    }
    return theirs.containsAll(Schema.type(name).orElseThrow().fields().keySet());
  }

  private static String capitalized(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
