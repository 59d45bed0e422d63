package dev.kapell.api.judge;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The classes and messages of the published client, by our names. */
final class Published {
  private static final String MODELS = "io.kubernetes.client.openapi.models.";
  private static final Pattern PACKAGE = Pattern.compile("k8s\\.io\\.(?:api|.*\\.apis)\\.([a-z]+)\\.(v[a-z0-9]+)");

  private final Map<String, Class<?>> models = new TreeMap<>();
  private final Map<String, Descriptor> messages = new HashMap<>();

  Published() throws Exception {
    for (String name : classesBeside("io.kubernetes.client.openapi.models.V1Pod")) {
      if (name.startsWith(MODELS)) {
        models.put(name.substring(MODELS.length()), Class.forName(name, false, Published.class.getClassLoader()));
      }
    }
    for (String name : classesBeside("io.kubernetes.client.proto.Meta")) {
      FileDescriptor file = (FileDescriptor) Class.forName(name).getMethod("getDescriptor").invoke(null);
      Matcher matcher = PACKAGE.matcher(file.getPackage());
      if (matcher.matches()) {
        String group = matcher.group(1).equals("apiserverinternal") ? "internal" : matcher.group(1);
        file.getMessageTypes().forEach(m -> messages.put(group + "." + matcher.group(2) + "." + m.getName(), m));
      }
    }
  }

  /** All model classes, by simple name. */
  Map<String, Class<?>> models() {
    return models;
  }

  /** The class for {@code core.v1.Pod}. */
  Optional<Class<?>> model(String type) {
    String[] parts = type.split("\\.");
    String plain = parts[1].toUpperCase(Locale.ROOT).substring(0, 1) + parts[1].substring(1) + parts[2];
    String group = parts[0].substring(0, 1).toUpperCase(Locale.ROOT) + parts[0].substring(1);
    Class<?> own = models.get(group + plain);
    return Optional.ofNullable(own != null ? own : models.get(plain));
  }

  /** The message for {@code core.v1.Pod}. */
  Optional<Descriptor> message(String type) {
    return Optional.ofNullable(messages.get(type));
  }

  private static List<String> classesBeside(String anchor) throws Exception {
    Path jar = Path.of(Class.forName(anchor, false, Published.class.getClassLoader())
        .getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(e -> e.getName())
          .filter(n -> n.endsWith(".class") && !n.contains("$") && n.startsWith("io/kubernetes/client/"))
          .map(n -> n.substring(0, n.length() - ".class".length()).replace('/', '.'))
          .toList();
    }
  }
}
