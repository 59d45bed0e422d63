package dev.kapell.apigenerator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** The published model classes, and which group's API hands them out. No class is initialised. */
final class PublishedClasses {
  private static final String MODELS = "io.kubernetes.client.openapi.models.";
  private static final String APIS = "io.kubernetes.client.openapi.apis.";

  private final Map<String, Class<?>> models = new TreeMap<>();
  private final Map<String, String> groups = new HashMap<>();

  /** Reads the jar that {@code anchor} came from. */
  PublishedClasses(Class<?> anchor) {
    List<Class<?>> apis = new ArrayList<>();
    for (String name : classNames(anchor)) {
      if (name.startsWith(MODELS) && !name.endsWith(".AbstractOpenApiSchema")) {
        models.put(name.substring(MODELS.length()), load(name));
      } else if (name.startsWith(APIS) && name.matches(".*V\\d[a-z0-9]*Api")) {
        apis.add(load(name));
      }
    }
    apis.forEach(this::learnGroups);
  }

  /** The model classes by their simple name. */
  Map<String, Class<?>> models() {
    return models;
  }

  /** The group whose API hands out {@code model}, {@code core} when none does. */
  String groupOf(String model) {
    return groups.getOrDefault(model, "core");
  }

  /** The names of the top-level classes in the jar of {@code anchor}. */
  static List<String> classNames(Class<?> anchor) {
    try (JarFile jar =
        new JarFile(
            Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI()).toFile())) {
      return jar.stream()
          .map(ZipEntry::getName)
          .filter(
              n ->
                  n.startsWith("io/kubernetes/client/") && n.endsWith(".class") && !n.contains("$"))
          .map(n -> n.substring(0, n.length() - ".class".length()).replace('/', '.'))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, PublishedClasses.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private void learnGroups(Class<?> api) {
    String name = api.getSimpleName();
    int at = name.indexOf('V', 1);
    String version = name.substring(at, name.length() - "Api".length());
    String group =
        switch (name.substring(0, at)) {
          case "FlowcontrolApiserver" -> "flowcontrol";
          case "InternalApiserver" -> "internal";
          case "RbacAuthorization" -> "rbac";
          case String other -> other.toLowerCase(Locale.ROOT);
        };
    for (Class<?> request : api.getDeclaredClasses()) {
      for (Method method : request.getDeclaredMethods()) {
        if (method.getName().equals("execute")) {
          reach(method.getReturnType(), group, version);
        }
      }
    }
  }

  /**
   * What a class of the API's own version refers to belongs to the same group, until another group
   * proves otherwise.
   */
  private void reach(Type type, String group, String version) {
    if (type instanceof ParameterizedType generic) {
      for (Type argument : generic.getActualTypeArguments()) {
        reach(argument, group, version);
      }
    } else if (type instanceof Class<?> model
        && models.containsValue(model)
        && model.getSimpleName().matches("([A-Z][a-z]+)?" + version + "[A-Z].*")
        && groups.putIfAbsent(model.getSimpleName(), group) == null) {
      for (Field field : model.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          reach(field.getGenericType(), group, version);
        }
      }
    }
  }
}
