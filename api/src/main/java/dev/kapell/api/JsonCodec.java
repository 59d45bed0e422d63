package dev.kapell.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** JSON text from and to records and trees. Thread-safe. */
public final class JsonCodec {
  private static final int INITIAL_CAPACITY = 1024;

  /** Bodies have a limit already. What YAML or protobuf brought has to be read again as well. */
  private static final int MAX_TEXT = 64 * 1024 * 1024;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(1000)
                  .maxStringLength(MAX_TEXT)
                  .maxNameLength(MAX_TEXT)
                  .build())
          .build();

  private JsonCodec() {}

  /**
   * A record, and what was dropped on the way.
   *
   * @param value the record
   * @param complaints unknown and repeated fields, with their paths
   */
  public record Decoded<T>(T value, List<String> complaints) {}

  /**
   * Bytes with room for a revision.
   *
   * @param bytes the text
   * @param stampAt where the room of 22 bytes is
   */
  public record Stamped(byte[] bytes, int stampAt) {}

  /** Reads a record. {@link DecodeException} with the path when the text does not fit the type. */
  public static <T> Decoded<T> decode(
      JsonReader<T> reader, byte[] text, UnknownFields unknownFields) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      Tokens tokens = new ForeignTokens(parser);
      return checked(record(reader, new JsonIn(tokens, unknownFields), tokens), unknownFields);
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /**
   * Reads a record that is kept beside many others, dropping what it does not have.
   *
   * @param text as this class wrote it
   */
  public static <T> T decode(JsonReader<T> reader, byte[] text, SharedTexts texts) {
    Tokens tokens = new OwnTokens(text);
    return record(reader, new JsonIn(tokens, UnknownFields.IGNORE, texts, text), tokens).value();
  }

  private static <T> Decoded<T> record(JsonReader<T> reader, JsonIn in, Tokens tokens) {
    T value = reader.readJson(in);
    if (tokens.next() != null) {
      throw new DecodeException("there is more after the end of the object");
    }
    return new Decoded<>(value, in.complaints());
  }

  private static <T> Decoded<T> checked(Decoded<T> decoded, UnknownFields unknownFields) {
    if (unknownFields == UnknownFields.STRICT && !decoded.complaints().isEmpty()) {
      throw new DecodeException(
          "strict decoding error: " + String.join(", ", decoded.complaints()));
    }
    return decoded;
  }

  /** Reads a record, dropping what it does not have. */
  public static <T> T decode(JsonReader<T> reader, byte[] text) {
    return decode(reader, text, UnknownFields.IGNORE).value();
  }

  /** Writes a record. */
  public static <T> byte[] encode(Codec<T> codec, T value) {
    JsonOut out = new JsonOut(INITIAL_CAPACITY, false);
    codec.writeJson(value, out);
    return out.toBytes();
  }

  /** Writes a kind with room for its {@code metadata.resourceVersion}. */
  public static <T> Stamped encodeStamped(Codec<T> codec, T value) {
    JsonOut out = new JsonOut(INITIAL_CAPACITY, true);
    codec.writeJson(value, out);
    return new Stamped(out.toBytes(), out.stampAt());
  }

  /**
   * Writes a tree with room for its {@code metadata.resourceVersion}; what tells the kind comes
   * first.
   */
  public static Stamped encodeStamped(Map<String, ?> tree) {
    JsonOut out = new JsonOut(INITIAL_CAPACITY, true);
    out.beginObject();
    for (String first : List.of("apiVersion", "kind")) {
      if (tree.get(first) != null) {
        out.member(first, tree.get(first));
      }
    }
    out.name("metadata");
    stampedMetadata(tree.get("metadata"), out);
    tree.forEach(
        (name, value) -> {
          if (!name.equals("apiVersion") && !name.equals("kind") && !name.equals("metadata")) {
            out.member(name, value);
          }
        });
    out.endObject();
    return new Stamped(out.toBytes(), out.stampAt());
  }

  private static void stampedMetadata(@Nullable Object metadata, JsonOut out) {
    out.beginObject();
    if (metadata instanceof Map<?, ?> members) {
      members.forEach(
          (name, value) -> {
            if (!"resourceVersion".equals(name)) {
              out.member(String.valueOf(name), value);
            }
          });
    }
    out.resourceVersion(null);
    out.endObject();
  }

  /**
   * Reads a tree: {@code LinkedHashMap}, {@code ArrayList}, {@code String}, {@code Long}, {@code
   * Double}, {@code Boolean}, null.
   */
  public static @Nullable Object readTree(byte[] text) {
    return readTree(text, UnknownFields.IGNORE).value();
  }

  /** Reads a tree and notes repeated fields. */
  public static Decoded<@Nullable Object> readTree(byte[] text, UnknownFields repeated) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return tree(new ForeignTokens(parser), repeated);
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /**
   * Reads a tree of text that this class wrote, as all that is stored; {@link DecodeException} for
   * what is no JSON.
   */
  public static @Nullable Object readOwnTree(byte[] text) {
    return tree(new OwnTokens(text), UnknownFields.IGNORE).value();
  }

  @SuppressWarnings(
      "NullAway") // the tree of null is null; the checker does not look at T's annotation
  private static Decoded<@Nullable Object> tree(Tokens tokens, UnknownFields repeated) {
    JsonIn in = new JsonIn(tokens, repeated);
    if (tokens.current() == null) {
      throw new DecodeException("the document is empty");
    }
    Object tree = in.tree();
    if (tokens.next() != null) {
      throw new DecodeException("there is more after the end of the value");
    }
    return new Decoded<>(tree, in.complaints());
  }

  /**
   * Reads only the value under {@code path}, for instance {@code metadata}, {@code labels}: null
   * when it is not there. What comes after it is not looked at, and may be malformed.
   *
   * @param text as this class wrote it
   */
  public static @Nullable Object readAt(byte[] text, String... path) {
    JsonIn in = new JsonIn(new OwnTokens(text), UnknownFields.IGNORE);
    for (String step : path) {
      if (!in.enter(step)) {
        return null;
      }
    }
    return in.tree();
  }

  /** Writes a tree. */
  public static byte[] writeTree(@Nullable Object tree) {
    JsonOut out = new JsonOut(INITIAL_CAPACITY, false);
    out.tree(tree);
    return out.toBytes();
  }

  /** A tree as a record. */
  public static <T> Decoded<T> fromTree(
      JsonReader<T> reader, @Nullable Object tree, UnknownFields unknownFields) {
    Tokens tokens = new OwnTokens(writeTree(tree));
    return checked(record(reader, new JsonIn(tokens, unknownFields), tokens), unknownFields);
  }

  /** A record as a tree. */
  public static <T> @Nullable Object toTree(Codec<T> codec, T value) {
    return readOwnTree(encode(codec, value));
  }

  private static DecodeException malformed(JacksonException e) {
    var location = e.getLocation();
    return new DecodeException(
        "invalid JSON"
            + (location == null
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr())
            + ": "
            + e.getOriginalMessage());
  }
}
