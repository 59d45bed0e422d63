package dev.kapell.apigenerator;

import java.util.List;
import java.util.Optional;

/**
 * A record to be written.
 *
 * @param name its name
 * @param description from the published client, may be empty
 * @param apiVersion for a kind, for instance {@code apps/v1}
 * @param hasProtobuf whether a descriptor was found
 * @param fields in the order of the components
 */
record TypeDef(
    TypeName name,
    String description,
    Optional<String> apiVersion,
    boolean hasProtobuf,
    List<FieldDef> fields) {
  private static final Shape OBJECT_META = new Shape.Ref(new TypeName("meta", "v1", "ObjectMeta"));

  boolean isKind() {
    return apiVersion.isPresent();
  }

  /** A kind with a name of its own. */
  boolean isObject() {
    return isKind()
        && fields.stream()
            .anyMatch(f -> f.jsonName().equals("metadata") && f.shape().equals(OBJECT_META));
  }
}
