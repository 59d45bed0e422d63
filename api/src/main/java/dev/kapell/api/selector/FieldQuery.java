package dev.kapell.api.selector;

import dev.kapell.api.DecodeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A condition on fields: {@code status.phase=Running,spec.nodeName!=n1}. Every term has to hold. A
 * backslash makes the next letter plain.
 *
 * @param terms all of them have to hold
 */
public record FieldQuery(List<Term> terms) {
  /** Matches everything. */
  public static final FieldQuery EVERYTHING = new FieldQuery(List.of());

  /**
   * One comparison.
   *
   * @param field for instance {@code metadata.name}
   * @param equal true for {@code =}, false for {@code !=}
   * @param value what it is compared with
   */
  public record Term(String field, boolean equal, String value) {}

  /** Copies the terms. */
  public FieldQuery {
    terms = List.copyOf(terms);
  }

  /**
   * Reads the text form.
   *
   * @throws DecodeException with what is wrong
   */
  public static FieldQuery parse(String text) {
    List<Term> terms = new ArrayList<>();
    for (String part : split(text)) {
      if (!part.isEmpty()) {
        terms.add(term(part));
      }
    }
    return terms.isEmpty() ? EVERYTHING : new FieldQuery(terms);
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == ',') {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static Term term(String part) {
    for (int i = 0; i < part.length(); i++) {
      if (part.startsWith("!=", i)) {
        return new Term(part.substring(0, i).strip(), false, plain(part.substring(i + 2)));
      }
      if (part.startsWith("==", i)) {
        return new Term(part.substring(0, i).strip(), true, plain(part.substring(i + 2)));
      }
      if (part.charAt(i) == '=') {
        return new Term(part.substring(0, i).strip(), true, plain(part.substring(i + 1)));
      }
    }
    throw new DecodeException(
        "invalid field selector: \""
            + part
            + "\"; can't understand it, expected field=value or field!=value");
  }

  private static String plain(String value) {
    StringBuilder plain = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char letter = value.charAt(i);
      plain.append(letter == '\\' && i + 1 < value.length() ? value.charAt(++i) : letter);
    }
    return plain.toString();
  }

  /** Whether every term holds; {@code valueOf} gives a field's value, empty when it has none. */
  public boolean matches(Function<String, String> valueOf) {
    for (Term term : terms) {
      if (valueOf.apply(term.field()).equals(term.value()) != term.equal()) {
        return false;
      }
    }
    return true;
  }

  /** True when it matches everything. */
  public boolean isEmpty() {
    return terms.isEmpty();
  }

  /** The text form. */
  @Override
  public String toString() {
    return terms.stream()
        .map(
            term ->
                term.field()
                    + (term.equal() ? "=" : "!=")
                    + term.value().replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\="))
        .collect(Collectors.joining(","));
  }
}
