package dev.kapell.app.manifest;

import dev.kapell.app.tree.Tree;
import java.util.Map;

/**
 * One object as a person wrote it.
 *
 * @param tree the decoded document; mutable, owned by the reader of the manifest
 * @param source the file and the place in it, for messages
 */
public record Manifest(Map<String, Object> tree, String source) {
  /** For instance {@code apps/v1}. */
  public String apiVersion() {
    return Tree.text(tree, "apiVersion");
  }

  /** For instance {@code Deployment}. */
  public String kind() {
    return Tree.text(tree, "kind");
  }

  /** The object's name, empty when it has none. */
  public String name() {
    return Tree.text(tree, "metadata", "name");
  }

  /** The namespace that the document names, else empty. */
  public String namespace() {
    return Tree.text(tree, "metadata", "namespace");
  }
}
