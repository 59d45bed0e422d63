package dev.kapell.compose.file;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One YAML value and where it stands. Interpolated; anchors and merge keys are resolved. */
sealed interface Value {
  Place place();

  /** Nothing: {@code key:} alone, {@code null} or {@code ~}. */
  record Nothing(Place place) implements Value {}

  /** A string, number or boolean, as it is written. */
  record Scalar(Place place, String text) implements Value {}

  /** A list. */
  record Items(Place place, List<Value> items) implements Value {
    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }
  }

  /** A mapping, in the order of the file. */
  record Fields(Place place, Map<String, Value> fields) implements Value {
    /** Copies the map. */
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /** What it is, for a message. */
  default String described() {
    return switch (this) {
      case Nothing nothing -> "nothing";
      case Scalar scalar -> "\"" + scalar.text() + "\"";
      case Items items -> "a list";
      case Fields fields -> "a mapping";
    };
  }
}
