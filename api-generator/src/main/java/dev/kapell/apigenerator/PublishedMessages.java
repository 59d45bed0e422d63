package dev.kapell.apigenerator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
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
