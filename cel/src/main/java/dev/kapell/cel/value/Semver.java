package dev.kapell.cel.value;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version after semver.org 2.0.
 *
 * @param preRelease identifiers, none for a release
 * @param build after the plus sign; says nothing about order
 */
public record Semver(long major, long minor, long patch, List<String> preRelease, String build)
    implements Comparable<Semver> {
  private static final String NUMBER = "(0|[1-9]\\d{0,17})";
  private static final Pattern FORM =
      Pattern.compile(
          NUMBER
              + "\\."
              + NUMBER
              + "\\."
              + NUMBER
              + "(?:-([0-9A-Za-z.-]+))?(?:\\+([0-9A-Za-z.-]+))?");
  private static final Pattern DIGITS = Pattern.compile("\\d+");

  /** The version that {@code text} says, if it says one. */
  public static Optional<Semver> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String pre = matcher.group(4);
    List<String> identifiers = pre == null ? List.of() : List.of(pre.split("\\.", -1));
    for (String each : identifiers) {
      boolean padded = DIGITS.matcher(each).matches() && each.length() > 1 && each.startsWith("0");
      if (each.isEmpty() || padded) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Semver(
            Long.parseLong(matcher.group(1)),
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)),
            identifiers,
            Optional.ofNullable(matcher.group(5)).orElse("")));
  }

  /** The same for {@code v1.2} and {@code 01.2.3}: a leading v, missing parts, leading zeros. */
  public static Optional<Semver> parseTolerant(String text) {
    String plain = text.strip();
    plain = plain.startsWith("v") ? plain.substring(1) : plain;
    int rest = plain.length();
    for (char stop : new char[] {'-', '+'}) {
      int at = plain.indexOf(stop);
      rest = at >= 0 && at < rest ? at : rest;
    }
    String[] parts = plain.substring(0, rest).split("\\.", -1);
    if (parts.length > 3 || (parts.length < 3 && rest < plain.length())) {
      return Optional.empty();
    }
    StringBuilder full = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      String part = i < parts.length ? parts[i] : "0";
      String trimmed = part.replaceFirst("^0+(?=\\d)", "");
      full.append(i == 0 ? "" : ".").append(trimmed);
    }
    return parse(full + plain.substring(rest));
  }

  @Override
  public int compareTo(Semver other) {
    int order = Long.compare(major, other.major);
    order = order != 0 ? order : Long.compare(minor, other.minor);
    order = order != 0 ? order : Long.compare(patch, other.patch);
    if (order != 0 || preRelease.equals(other.preRelease)) {
      return order;
    }
    if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
      return preRelease.isEmpty() ? 1 : -1;
    }
    for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
      order = compare(preRelease.get(i), other.preRelease.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(preRelease.size(), other.preRelease.size());
  }

  private static int compare(String one, String other) {
    boolean left = DIGITS.matcher(one).matches();
    boolean right = DIGITS.matcher(other).matches();
    if (left && right) {
      return new BigInteger(one).compareTo(new BigInteger(other));
    }
    return left == right ? Integer.signum(one.compareTo(other)) : left ? -1 : 1;
  }
}
