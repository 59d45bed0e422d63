package dev.kapell.apiserver.openapi;

/** What the two versions of OpenAPI write differently. */
enum Dialect {
  /** Swagger 2.0. */
  V2("#/definitions/"),
  /** OpenAPI 3.0. */
  V3("#/components/schemas/");

  private final String root;

  Dialect(String root) {
    this.root = root;
  }

  /** A reference to the definition {@code name}. */
  String reference(String name) {
    return root + name;
  }
}
