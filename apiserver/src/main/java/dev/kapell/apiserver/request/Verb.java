package dev.kapell.apiserver.request;

/** What a request wants, in the words of RBAC. */
public enum Verb {
  /** One object. */
  GET("get"),
  /** A collection. */
  LIST("list"),
  /** The changes of a collection. */
  WATCH("watch"),
  /** A new object, or a post to a subresource. */
  CREATE("create"),
  /** The replacement of an object. */
  UPDATE("update"),
  /** The change of an object. */
  PATCH("patch"),
  /** The end of an object. */
  DELETE("delete"),
  /** The end of a collection. */
  DELETE_COLLECTION("deletecollection");

  private final String word;

  Verb(String word) {
    this.word = word;
  }

  /** As in a {@code PolicyRule}, for instance {@code deletecollection}. */
  public String word() {
    return word;
  }
}
