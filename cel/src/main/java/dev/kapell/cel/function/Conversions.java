package dev.kapell.cel.function;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.TypeName;
import dev.kapell.cel.value.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** From one type to another. */
final class Conversions {
  private static final double TWO_TO_63 = 0x1p63;

  private Conversions() {}

  static List<Function> all() {
    List<Function> rows = new ArrayList<>();
    toInt(rows);
    toDouble(rows);
    toText(rows);
    toBool(rows);
    rows.add(Function.of("dyn", "(A) -> dyn", a -> a[0]));
    return rows;
  }

  static TypeName typeOf(Object value) {
    return new TypeName(
        value instanceof Authorizations.Typed typed ? typed.typeName() : Values.typeName(value));
  }

  private static void toInt(List<Function> rows) {
    rows.add(Function.of("int", "(int) -> int", a -> a[0]));
    rows.add(
        Function.of(
            "int",
            "(uint) -> int",
            a -> {
              long value = ((UnsignedLong) a[0]).longValue();
              if (value < 0) {
                throw new CelError("integer overflow");
              }
              return value;
            }));
    rows.add(
        Function.of(
            "int",
            "(double) -> int",
            a -> {
              double value = (Double) a[0];
              if (Double.isNaN(value) || value <= -TWO_TO_63 || value >= TWO_TO_63) {
                throw new CelError("integer overflow");
              }
              return (long) value;
            }));
    rows.add(
        Function.of(
            "int",
            "(string) -> int",
            a -> {
              try {
                return Long.parseLong((String) a[0]);
              } catch (NumberFormatException e) {
                throw notFrom("string", "int");
              }
            }));
    rows.add(Function.of("int", "(timestamp) -> int", a -> ((Instant) a[0]).getEpochSecond()));
    rows.add(Function.of("int", "(duration) -> int", a -> ((Duration) a[0]).toNanos()));
    rows.add(Function.of("uint", "(uint) -> uint", a -> a[0]));
    rows.add(
        Function.of("uint", "(int) -> uint", a -> Operators.uint(BigInteger.valueOf((Long) a[0]))));
    rows.add(
        Function.of(
            "uint",
            "(double) -> uint",
            a -> {
              double value = (Double) a[0];
              if (!Double.isFinite(value)) {
                throw new CelError("unsigned integer overflow");
              }
              return Operators.uint(new BigDecimal(value).toBigInteger());
            }));
    rows.add(
        Function.of(
            "uint",
            "(string) -> uint",
            a -> {
              try {
                return Operators.uint(new BigInteger((String) a[0]));
              } catch (NumberFormatException e) {
                throw notFrom("string", "uint");
              }
            }));
  }

  private static void toDouble(List<Function> rows) {
    rows.add(Function.of("double", "(double) -> double", a -> a[0]));
    rows.add(Function.of("double", "(int) -> double", a -> (double) (Long) a[0]));
    rows.add(Function.of("double", "(uint) -> double", a -> ((UnsignedLong) a[0]).doubleValue()));
    rows.add(
        Function.of(
            "double",
            "(string) -> double",
            a -> {
              try {
                return Double.parseDouble(((String) a[0]).replace("Inf", "Infinity"));
              } catch (NumberFormatException e) {
                throw notFrom("string", "double");
              }
            }));
  }

  private static void toText(List<Function> rows) {
    rows.add(Function.of("string", "(string) -> string", a -> a[0]));
    rows.add(Function.of("string", "(int) -> string", a -> a[0].toString()));
    rows.add(Function.of("string", "(uint) -> string", a -> a[0].toString()));
    rows.add(Function.of("string", "(bool) -> string", a -> a[0].toString()));
    rows.add(Function.of("string", "(double) -> string", a -> Values.text((Double) a[0])));
    rows.add(Function.of("string", "(timestamp) -> string", a -> a[0].toString()));
    rows.add(Function.of("string", "(duration) -> string", a -> Times.text((Duration) a[0])));
    rows.add(
        Function.of(
            "string",
            "(bytes) -> string",
            a -> {
              try {
                byte[] bytes = ((CelByteString) a[0]).toByteArray();
                return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
              } catch (CharacterCodingException e) {
                throw new CelError("invalid UTF-8 in bytes, cannot convert to string");
              }
            }));
    rows.add(Function.of("bytes", "(bytes) -> bytes", a -> a[0]));
    rows.add(
        Function.of(
            "bytes",
            "(string) -> bytes",
            a -> CelByteString.of(((String) a[0]).getBytes(StandardCharsets.UTF_8))));
  }

  private static void toBool(List<Function> rows) {
    rows.add(Function.of("bool", "(bool) -> bool", a -> a[0]));
    rows.add(
        Function.of(
            "bool",
            "(string) -> bool",
            a ->
                switch ((String) a[0]) {
                  case "1", "t", "T", "true", "TRUE", "True" -> true;
                  case "0", "f", "F", "false", "FALSE", "False" -> false;
                  default -> throw notFrom("string", "bool");
                }));
  }

  static CelError notFrom(String from, String to) {
    return new CelError("type conversion error from '" + from + "' to '" + to + "'");
  }
}
