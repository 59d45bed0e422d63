package dev.kapell.apiserver.openapi;

import dev.kapell.apiserver.request.Resource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A v2 document in the making. Each path and each definition is written as soon as it is known: of
 * thousands of custom kinds never more than one is there as a tree. One thread.
 */
final class Swagger {
  private final Form form;
  private final Map<String, byte[]> paths = new LinkedHashMap<>();
  private final Map<String, byte[]> definitions = new LinkedHashMap<>();

  /** Names that other servers use too, and what stands there. */
  private final Set<String> shared = new HashSet<>();

  private final Map<String, Map<String, Object>> sharedDefinitions = new HashMap<>();

  /** How a document is written. */
  interface Form {
    /** A path, and what can be done there. */
    byte[] path(String path, Map<String, Object> item);

    /** A definition under its name. */
    byte[] definition(String name, Map<String, Object> schema);

    /** What {@link #path} and {@link #definition} have written, put together. */
    byte[] document(
        Map<String, Object> info, Collection<byte[]> paths, Collection<byte[]> definitions);
  }

  private Swagger(Form form) {
    this.form = form;
  }

  /**
   * The document.
   *
   * @param resources that are served here
   * @param others what other servers say of theirs
   * @param info what the document is about
   */
  static byte[] write(
      List<Resource> resources, List<OtherGroup> others, Map<String, Object> info, Form form) {
    Swagger swagger = new Swagger(form);
    others.forEach(group -> swagger.shared.addAll(group.definitions().keySet()));
    Paths.each(resources, Dialect.V2, swagger::path);
    Definitions.each(resources, Dialect.V2, swagger::definition);
    swagger.add(others);
    return form.document(info, swagger.paths.values(), swagger.definitions.values());
  }

  private void path(String path, Map<String, Object> item) {
    paths.put(path, form.path(path, item));
  }

  private void definition(String name, Map<String, Object> schema) {
    definitions.put(name, form.definition(name, schema));
    if (shared.contains(name)) {
      sharedDefinitions.put(name, schema);
    }
  }

  private void add(List<OtherGroup> others) {
    Merging merging = new Merging(sharedDefinitions);
    others.forEach(merging::add);
    merging
        .paths()
        .forEach((path, item) -> paths.computeIfAbsent(path, _ -> form.path(path, item)));
    merging
        .definitions()
        .forEach(
            (name, schema) ->
                definitions.computeIfAbsent(name, _ -> form.definition(name, schema)));
  }
}
