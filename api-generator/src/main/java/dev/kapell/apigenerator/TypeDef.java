package dev.kapell.apigenerator;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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
  /** As {@code ChangeReader} of {@code api} has them. */
  private static final Set<String> PARTS = Set.of("metadata", "spec", "status");

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

  /** Whether a change of the field is read over what it was: of all by these names, so no map. */
  boolean isPart(FieldDef field) {
    boolean isPart = isObject() && PARTS.contains(field.jsonName());
    if (isPart && !(field.shape() instanceof Shape.Ref)) {
      throw new IllegalStateException(name.id() + "." + field.jsonName() + " is no record");
    }
    return isPart;
  }

  /** The types of those. */
  Stream<TypeName> parts() {
    return fields.stream().filter(this::isPart).map(f -> ((Shape.Ref) f.shape()).type());
  }
}
