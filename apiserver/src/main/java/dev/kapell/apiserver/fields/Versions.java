package dev.kapell.apiserver.fields;

import java.util.Map;
import java.util.Optional;

/** The versions in which an object is served: managers name fields as in the one they used. */
public interface Versions {
  /** A new object of the version that is written, without any content. */
  Map<String, Object> empty();

  /** The shape in that version; empty when it is not served any more. */
  Optional<Shape> shape(String apiVersion);

  /** An object of any version in that version, which is served. May return the same tree. */
  Map<String, Object> convert(Map<String, Object> object, String apiVersion);
}
