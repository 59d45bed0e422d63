package dev.kapell.apiserver.custom;

import com.google.re2j.Pattern;
import dev.kapell.api.names.NameRules;
import dev.kapell.apiserver.validation.Addresses;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The formats that schemas may ask of values; other ones are ignored, as in the reference. */
public final class Formats {
  private static final int LUHN_MOD = 10;
  private static final int ISBN10_MOD = 11;
  private static final Map<String, Predicate<String>> TEXTS =
      Map.ofEntries(
          Map.entry("bsonobjectid", like("^[0-9a-fA-F]{24}$")),
          Map.entry("uri", Formats::isUri),
          Map.entry("email", like("^[^@\\s<>]+@[^@\\s<>]+$")),
          Map.entry(
              "hostname",
              like(
                  "^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
                      + "(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\\.?$")),
          Map.entry("ipv4", text -> !text.contains(":") && Addresses.parse(text).isPresent()),
          Map.entry("ipv6", text -> text.contains(":") && Addresses.parse(text).isPresent()),
          Map.entry("cidr", text -> Addresses.network(text).isPresent()),
          Map.entry(
              "mac",
              like(
                  "^([0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(([:-][0-9a-fA-F]{2}){4}"
                      + "|([:-][0-9a-fA-F]{2}){6}|([:-][0-9a-fA-F]{2}){18})"
                      + "|([0-9a-fA-F]{4}\\.){2}[0-9a-fA-F]{4}|([0-9a-fA-F]{4}\\.){3}[0-9a-fA-F]{4})$")),
          Map.entry("uuid", uuid("[0-9a-f]", "[0-9a-f]")),
          Map.entry("uuid3", uuid("3", "[0-9a-f]")),
          Map.entry("uuid4", uuid("4", "[89ab]")),
          Map.entry("uuid5", uuid("5", "[89ab]")),
          Map.entry("isbn", text -> isIsbn10(text) || isIsbn13(text)),
          Map.entry("isbn10", Formats::isIsbn10),
          Map.entry("isbn13", Formats::isIsbn13),
          Map.entry("creditcard", Formats::isCreditCard),
          Map.entry("ssn", like("^\\d{3}[- ]?\\d{2}[- ]?\\d{4}$")),
          Map.entry("hexcolor", like("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")),
          Map.entry(
              "rgbcolor",
              like(
                  "^rgb\\(\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*,"
                      + "\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*,"
                      + "\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*\\)$")),
          Map.entry("byte", Formats::isBase64),
          Map.entry("password", text -> true),
          Map.entry("date", Formats::isDate),
          Map.entry(
              "duration",
              like(
                  "^([+-]?(\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h))+$|^0$|^\\s*\\d+(\\.\\d+)?\\s*"
                      + "(ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?"
                      + "|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?"
                      + "|w|wks?|weeks?)\\s*$")),
          Map.entry("datetime", Formats::isDateTime),
          Map.entry("k8s-short-name", text -> NameRules.dnsLabel(text).isEmpty()),
          Map.entry("k8s-long-name", text -> NameRules.dnsSubdomain(text).isEmpty()));

  private Formats() {}

  /** Whether {@code format} means something for values of {@code type}. */
  public static boolean isKnown(String type, String format) {
    return switch (type) {
      case "", "string" -> TEXTS.containsKey(plain(format));
      case "integer" -> Set.of("int32", "int64").contains(format);
      case "number" -> Set.of("float", "double").contains(format);
      default -> false;
    };
  }

  /** Whether {@code text} has the format; any text has one that is not known. */
  static boolean fits(String format, String text) {
    Predicate<String> known = TEXTS.get(plain(format));
    return known == null || known.test(text);
  }

  private static String plain(String format) {
    return format.startsWith("k8s-") ? format : format.replace("-", "");
  }

  private static Predicate<String> like(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return text -> compiled.matcher(text).find();
  }

  private static Predicate<String> uuid(String version, String variant) {
    return like(
        "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?"
            + version
            + "[0-9a-f]{3}-?"
            + variant
            + "[0-9a-f]{3}-?[0-9a-f]{12}$");
  }

  private static boolean isUri(String text) {
    try {
      return new URI(text).isAbsolute() || text.startsWith("/");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isBase64(String text) {
    try {
      return !text.isEmpty() && Base64.getDecoder().decode(text) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isDate(String text) {
    try {
      return LocalDate.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isDateTime(String text) {
    try {
      return OffsetDateTime.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isIsbn10(String text) {
    String digits = text.replaceAll("[\\s-]", "");
    if (!digits.matches("\\d{9}[\\dX]")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      sum += (i + 1) * (digit == 'X' ? LUHN_MOD : digit - '0');
    }
    return sum % ISBN10_MOD == 0;
  }

  private static boolean isIsbn13(String text) {
    String digits = text.replaceAll("[\\s-]", "");
    if (!digits.matches("\\d{13}")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      sum += (i % 2 == 0 ? 1 : 3) * (digits.charAt(i) - '0');
    }
    return sum % LUHN_MOD == 0;
  }

  private static boolean isCreditCard(String text) {
    String digits = text.replaceAll("\\D", "");
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int twice = digit * 2;
      sum += i % 2 == 0 ? digit : twice / LUHN_MOD + twice % LUHN_MOD;
    }
    return digits.length() >= 13 && digits.length() <= 16 && sum % LUHN_MOD == 0;
  }
}
