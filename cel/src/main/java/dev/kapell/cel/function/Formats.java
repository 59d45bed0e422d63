package dev.kapell.cel.function;

import dev.kapell.api.names.NameRules;
import dev.kapell.cel.value.NamedFormat;
import dev.kapell.cel.value.Url;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Formats of texts that can be checked by name, as {@code format.dns1123Label()}. */
final class Formats {
  private static final Pattern UUID =
      Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
  private static final Map<String, NamedFormat> ALL = named();

  private Formats() {}

  private static Map<String, NamedFormat> named() {
    Map<String, NamedFormat> all = new LinkedHashMap<>();
    put(all, "dns1123Label", NameRules::dnsLabel);
    put(all, "dns1123Subdomain", NameRules::dnsSubdomain);
    put(all, "dns1035Label", NameRules::dns1035Label);
    put(all, "qualifiedName", NameRules::qualifiedName);
    put(all, "dns1123LabelPrefix", text -> NameRules.dnsLabel(asPrefix(text)));
    put(all, "dns1123SubdomainPrefix", text -> NameRules.dnsSubdomain(asPrefix(text)));
    put(all, "dns1035LabelPrefix", text -> NameRules.dns1035Label(asPrefix(text)));
    put(all, "labelValue", NameRules::labelValue);
    put(
        all,
        "uri",
        text ->
            say(Url.parse(text).isPresent(), "parse \"" + text + "\": invalid URI for request"));
    put(all, "uuid", text -> say(UUID.matcher(text).matches(), "does not match the UUID format"));
    put(all, "byte", text -> say(isBase64(text), "invalid base64"));
    put(all, "date", text -> say(isDate(text), "invalid date"));
    put(all, "datetime", text -> say(Times.timestamp(text).isPresent(), "invalid datetime"));
    return Map.copyOf(all);
  }

  private static void put(
      Map<String, NamedFormat> all,
      String name,
      java.util.function.Function<String, Optional<String>> check) {
    all.put(name, new NamedFormat(name, text -> check.apply(text).map(List::of).orElse(List.of())));
  }

  static List<Function> all() {
    List<Function> rows = new ArrayList<>();
    ALL.forEach(
        (name, format) -> rows.add(Function.of("format." + name, "() -> Format", a -> format)));
    rows.add(
        Function.of(
            "format.named",
            "(string) -> optional(Format)",
            a -> Optional.ofNullable(ALL.get((String) a[0]))));
    rows.add(
        Function.of(
            "validate",
            "Format.(string) -> optional(list(string))",
            a ->
                Optional.of(((NamedFormat) a[0]).check().apply((String) a[1]))
                    .filter(wrong -> !wrong.isEmpty())));
    return rows;
  }

  /** A prefix may end in a dash: the name goes on. */
  private static String asPrefix(String text) {
    return text.endsWith("-") ? text.substring(0, text.length() - 1) + "a" : text;
  }

  private static Optional<String> say(boolean fits, String wrong) {
    return fits ? Optional.empty() : Optional.of(wrong);
  }

  private static boolean isBase64(String text) {
    try {
      Base64.getDecoder().decode(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
