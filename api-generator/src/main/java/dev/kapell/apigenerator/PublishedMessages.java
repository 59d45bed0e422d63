package dev.kapell.apigenerator;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.TextFormat;
import io.kubernetes.client.proto.Meta;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The published protobuf messages, by the record that they belong to. */
final class PublishedMessages {
  private static final Pattern PACKAGE =
      Pattern.compile("k8s\\.io\\.(?:api|.*\\.apis)\\.([a-z]+)\\.(v[a-z0-9]+)");

  private static final String UNPUBLISHED = "apiregistration.textproto";

  private final Map<TypeName, Descriptor> messages = new TreeMap<>();
  private final Map<Descriptor, TypeName> names = new HashMap<>();

  /** Reads the jar that {@code anchor} came from. */
  PublishedMessages(Class<?> anchor) {
    for (String name : PublishedClasses.classNames(anchor)) {
      try {
        add(
            (FileDescriptor)
                Objects.requireNonNull(
                    Class.forName(name).getMethod("getDescriptor").invoke(null)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(name + " is no file of descriptors", e);
      }
    }
    add(unpublished(Meta.getDescriptor()));
  }

  /** What the jar lacks, from a file of this program. */
  private static FileDescriptor unpublished(FileDescriptor meta) {
    try (InputStream in =
            Objects.requireNonNull(PublishedMessages.class.getResourceAsStream(UNPUBLISHED));
        Reader text = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
      TextFormat.merge(text, file);
      file.addDependency(meta.getName());
      return FileDescriptor.buildFrom(file.build(), new FileDescriptor[] {meta});
    } catch (IOException | DescriptorValidationException e) {
      throw new IllegalStateException(UNPUBLISHED + " is wrong", e);
    }
  }

  private void add(FileDescriptor file) {
    Matcher matcher = PACKAGE.matcher(file.getPackage());
    if (matcher.matches()) {
      String group = matcher.group(1).equals("apiserverinternal") ? "internal" : matcher.group(1);
      for (Descriptor message : file.getMessageTypes()) {
        TypeName name = new TypeName(group, matcher.group(2), message.getName());
        messages.put(name, message);
        names.put(message, name);
      }
    }
  }

  /** The message of a record. */
  Optional<Descriptor> find(TypeName name) {
    return Optional.ofNullable(messages.get(name));
  }

  /** Everything there is. */
  Map<TypeName, Descriptor> all() {
    return messages;
  }

  /** The record that a message belongs to. */
  TypeName nameOf(Descriptor message) {
    return Objects.requireNonNull(names.get(message), message.getFullName());
  }
}
