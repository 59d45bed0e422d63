package dev.kapell.api.schema;

import java.util.List;

/**
 * One field of a type.
 *
 * @param name as in JSON
 * @param form single, list or map (with string keys)
 * @param element what one value is: a scalar's word ({@code string}, {@code int32}, {@code
 *     quantity}, …), or the type's name behind {@code @}
 * @param required Kubernetes always writes it
 * @param keepsZero an empty text, 0 or false is something else than absent
 * @param listType server-side apply: {@code map}, {@code set}, {@code atomic}, or empty for the
 *     default
 * @param listKeys the keys of a {@code map} list
 * @param patchStrategies strategic merge patch: {@code merge}, {@code replace}, {@code retainKeys}
 * @param mergeKey strategic merge patch: what tells elements apart, empty for a list of plain
 *     values
 * @param fallback the schema's default, empty when it has none
 * @param always where it is absent, an empty object is written, or 0 for a number, or null
 */
public record FieldSchema(
    String name,
    Form form,
    String element,
    boolean required,
    boolean keepsZero,
    String listType,
    List<String> listKeys,
    List<String> patchStrategies,
    String mergeKey,
    String fallback,
    boolean always) {

  /** How many values a field holds. */
  public enum Form {
    /** One. */
    SINGLE,
    /** A list. */
    LIST,
    /** A map with string keys. */
    MAP
  }

  /** Whether an element is an object with a type of its own. */
  public boolean isReference() {
    return element.startsWith("@");
  }

  /**
   * The name of the element's type, for instance {@code core.v1.Container}; only for a reference.
   */
  public String reference() {
    return element.substring(1);
  }

  /** Whether a strategic merge patch merges the list instead of replacing it. */
  public boolean mergesList() {
    return form == Form.LIST && patchStrategies.contains("merge");
  }

  /** Whether a strategic merge patch may name the keys to keep. */
  public boolean retainsKeys() {
    return patchStrategies.contains("retainKeys");
  }
}
