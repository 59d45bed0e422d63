package dev.kapell.api;

import dev.kapell.api.resource.Quantity;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/**
 * Reads JSON from left to right for the generated codecs, and knows the path of where it stands.
 * After each value the reader stands on the value's last token. One thread.
 */
public final class JsonIn {
  private static final int MAX_DEPTH = 200;
  private static final int USUAL_DEPTH = 12;
  private static final int MAX_COMPLAINTS = 20;

  private final Tokens tokens;
  private final UnknownFields unknownFields;
  private final @Nullable SharedTexts texts;
  private final byte[] text;
  private String[] names = new String[USUAL_DEPTH];
  private int[] indexes = new int[USUAL_DEPTH];
  private int depth;
  private final List<String> complaints = new ArrayList<>();

  JsonIn(Tokens tokens, UnknownFields unknownFields) {
    this(tokens, unknownFields, null, new byte[0]);
  }

  /**
   * With {@code texts}, the texts of records are shared.
   *
   * @param text what {@code tokens} reads
   */
  JsonIn(Tokens tokens, UnknownFields unknownFields, @Nullable SharedTexts texts, byte[] text) {
    this.tokens = tokens;
    this.unknownFields = unknownFields;
    this.texts = texts;
    this.text = text;
    tokens.next();
  }

  /** Unknown and repeated fields met so far, with their paths. */
  List<String> complaints() {
    return complaints;
  }

  /** Enters an object. */
  public void beginObject() {
    if (tokens.current() != JsonToken.START_OBJECT) {
      throw expected("an object");
    }
    push();
  }

  private void push() {
    depth++;
    if (depth >= MAX_DEPTH) {
      throw new DecodeException("nested deeper than " + MAX_DEPTH + " levels");
    }
    if (depth == names.length) {
      names = Arrays.copyOf(names, 2 * depth);
      indexes = Arrays.copyOf(indexes, 2 * depth);
    }
    names[depth] = "";
    indexes[depth] = -1;
  }

  /**
   * The name of the next field, whose value the reader then stands on; null at the end of the
   * object.
   */
  public @Nullable String nextField() {
    if (tokens.next() != JsonToken.PROPERTY_NAME) {
      depth--;
      return null;
    }
    String name = tokens.name();
    names[depth] = name;
    tokens.next();
    return name;
  }

  /** Passes over a field that the type does not have. */
  public void unknown() {
    complain("unknown field");
    tokens.skipChildren();
  }

  /** Notes that a field stands twice in its object. */
  public void repeated() {
    complain("duplicate field");
  }

  private void complain(String complaint) {
    if (unknownFields != UnknownFields.IGNORE && complaints.size() < MAX_COMPLAINTS) {
      complaints.add(complaint + " \"" + path() + "\"");
    }
  }

  /** Passes over a value. */
  public void skip() {
    tokens.skipChildren();
  }

  /** Where the reader stands; {@code NOT_AVAILABLE} at the end of the text. */
  private JsonToken token() {
    JsonToken token = tokens.current();
    return token == null ? JsonToken.NOT_AVAILABLE : token;
  }

  private boolean isNull() {
    return tokens.current() == JsonToken.VALUE_NULL;
  }

  /** A text. */
  public @Nullable String string() {
    return switch (token()) {
      case VALUE_STRING -> texts == null ? tokens.string() : tokens.string(texts);
      case VALUE_NULL -> null;
      default -> throw expected("a string");
    };
  }

  /** A truth value. */
  public @Nullable Boolean bool() {
    return switch (token()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw expected("a boolean");
    };
  }

  /** A whole number of 64 bits. */
  public @Nullable Long int64() {
    if (isNull()) {
      return null;
    }
    try {
      return switch (token()) {
        case VALUE_NUMBER_INT -> tokens.longValue();
        case VALUE_NUMBER_FLOAT -> new BigDecimal(tokens.string()).longValueExact();
        default -> throw expected("a whole number");
      };
    } catch (ArithmeticException e) {
      throw expected("a whole number of 64 bits");
    }
  }

  /** A whole number of 32 bits. */
  public @Nullable Integer int32() {
    Long value = int64();
    if (value == null) {
      return null;
    }
    if (value.intValue() != value) {
      throw expected("a whole number of 32 bits");
    }
    return value.intValue();
  }

  /** A number. */
  public @Nullable Double float64() {
    return switch (token()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> finite();
      case VALUE_NULL -> null;
      default -> throw expected("a number");
    };
  }

  /** A time in whole seconds. */
  public @Nullable Instant time() {
    Instant time = microTime();
    return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS);
  }

  /** A time in microseconds. */
  public @Nullable Instant microTime() {
    String text = string();
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return Times.parse(text).truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      throw new DecodeException(
          path()
              + ": \""
              + text
              + "\" is no time in RFC 3339 form, for instance 2026-11-21T08:00:00Z");
    }
  }

  /** A quantity, as text or as a number. */
  public @Nullable Quantity quantity() {
    if (isNull()) {
      return null;
    }
    String text =
        switch (token()) {
          case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> tokens.string();
          default -> throw expected("a quantity, for instance 500m or 1Gi");
        };
    try {
      return Quantity.parse(text);
    } catch (IllegalArgumentException e) {
      throw new DecodeException(path() + ": " + e.getMessage());
    }
  }

  /** A number or a text. */
  public @Nullable IntOrString intOrString() {
    if (tokens.current() == JsonToken.VALUE_STRING) {
      return IntOrString.of(tokens.string());
    }
    Integer number = int32();
    return number == null ? null : IntOrString.of(number);
  }

  /** Base64. */
  public @Nullable Bytes bytes() {
    String text = string();
    if (text == null) {
      return null;
    }
    try {
      return Bytes.ofBase64(text);
    } catch (IllegalArgumentException e) {
      throw new DecodeException(path() + ": illegal base64 data");
    }
  }

  /** Any value; null stays a value. */
  public @Nullable Json json() {
    if (isNull()) {
      return null;
    }
    return texts == null ? Json.of(tree()) : texts.shared(kept());
  }

  /** The value where the reader stands, as it is written: what is shared was written compactly. */
  private Json kept() {
    if (!token().isStructStart()) {
      return Json.of(tree());
    }
    int from = tokens.from();
    tokens.skipChildren();
    return Json.ofText(text, from, tokens.to());
  }

  /** A record. */
  public <T> @Nullable T object(JsonReader<T> reader) {
    return isNull() ? null : reader.readJson(this);
  }

  /** A list whose elements {@code element} reads; absent is empty. */
  public <T> List<T> list(Supplier<@Nullable T> element) {
    if (isNull()) {
      return List.of();
    }
    if (tokens.current() != JsonToken.START_ARRAY) {
      throw expected("a list");
    }
    List<T> items = new ArrayList<>();
    push();
    while (tokens.next() != JsonToken.END_ARRAY) {
      indexes[depth]++;
      T item = element.get();
      if (item == null) {
        throw expected("no null in a list");
      }
      items.add(item);
    }
    depth--;
    return items;
  }

  /** A list of records; absent is empty. */
  public <T> List<T> objects(JsonReader<T> reader) {
    return list(() -> element(reader));
  }

  /** A record of a list, which is shared where texts are. */
  private <T> @Nullable T element(JsonReader<T> reader) {
    SharedRecords.Place place =
        texts == null || tokens.current() != JsonToken.START_OBJECT
            ? null
            : SharedRecords.Place.of(text, tokens.from());
    if (texts == null || place == null) {
      return object(reader);
    }
    T known = texts.records().find(reader, place);
    if (known != null) {
      tokens.skipChildren(place.to());
      return known;
    }
    T value = object(reader);
    if (value != null) {
      texts.records().keep(reader, place, value);
    }
    return value;
  }

  /** A list of texts; absent is empty. */
  public List<String> strings() {
    return list(this::string);
  }

  /** A map of texts; absent is empty, a null in it an empty text. */
  public Map<String, String> stringMap() {
    return map(() -> isNull() ? "" : string());
  }

  /** A map whose values {@code value} reads; absent is empty. */
  public <T> Map<String, T> map(Supplier<@Nullable T> value) {
    if (isNull()) {
      return Map.of();
    }
    Map<String, T> members = new LinkedHashMap<>();
    beginObject();
    for (String name = nextField(); name != null; name = nextField()) {
      T member = value.get();
      if (member != null) {
        members.put(name, member);
      }
    }
    return members;
  }

  /** A tree of the value. */
  @Nullable Object tree() {
    return switch (token()) {
      case START_OBJECT -> objectTree();
      case START_ARRAY -> listTree();
      case VALUE_STRING -> tokens.string();
      case VALUE_NUMBER_INT -> wholeNumber();
      case VALUE_NUMBER_FLOAT -> finite();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** Moves on to the value of {@code name}; false when the object where it stands has none. */
  boolean enter(String name) {
    if (tokens.current() != JsonToken.START_OBJECT) {
      return false;
    }
    push();
    for (String next = nextField(); next != null; next = nextField()) {
      if (next.equals(name)) {
        return true;
      }
      tokens.skipChildren();
    }
    return false;
  }

  private Object wholeNumber() {
    return tokens.isLong() ? (Object) tokens.longValue() : finite();
  }

  /** What is larger than any double could not be written again. */
  private Double finite() {
    double value = tokens.doubleValue();
    if (!Double.isFinite(value)) {
      throw new DecodeException(path() + ": a number has to fit 64 bits of floating point");
    }
    return value;
  }

  private Object objectTree() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    beginObject();
    for (String name = nextField(); name != null; name = nextField()) {
      if (members.containsKey(name)) {
        repeated();
      }
      members.put(name, tree());
    }
    return members;
  }

  private Object listTree() {
    List<@Nullable Object> items = new ArrayList<>();
    push();
    while (tokens.next() != JsonToken.END_ARRAY) {
      indexes[depth]++;
      items.add(tree());
    }
    depth--;
    return items;
  }

  private DecodeException expected(String what) {
    return new DecodeException(
        (depth == 0 ? "the document" : path()) + ": expected " + what + ", found " + found());
  }

  private String found() {
    return switch (tokens.current()) {
      case null -> "nothing";
      case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
      case START_ARRAY, END_ARRAY -> "a list";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + tokens.string();
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      default -> "null";
    };
  }

  /** Where the reader stands, for instance {@code spec.containers[0].image}. */
  public String path() {
    StringBuilder path = new StringBuilder();
    for (int i = 1; i <= depth; i++) {
      if (indexes[i] >= 0) {
        path.append('[').append(indexes[i]).append(']');
      } else if (!names[i].isEmpty()) {
        path.append(path.isEmpty() ? "" : ".").append(names[i]);
      }
    }
    return path.toString();
  }
}
