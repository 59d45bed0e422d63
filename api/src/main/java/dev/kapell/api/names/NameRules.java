package dev.kapell.api.names;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks of names, in the words that users of Kubernetes know. Each returns what is wrong, empty
 * when nothing is. Pure.
 *
 * <p>Follows "Object Names and IDs" and "Labels and Selectors" of the reference.
 */
public final class NameRules {
  private static final String NAME_FORM =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
          + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
          + " validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  private static final int LABEL_LIMIT = 63;
  private static final int SUBDOMAIN_LIMIT = 253;

  private NameRules() {}

  /** A DNS label (RFC 1123), as namespaces and containers have it. */
  public static Optional<String> dnsLabel(String name) {
    if (name.length() > LABEL_LIMIT) {
      return tooLong(LABEL_LIMIT);
    }
    return isDnsLabel(name)
        ? Optional.empty()
        : Optional.of(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an"
                + " alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
                + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
  }

  /** A DNS label that starts with a letter (RFC 1035), as Services have it. */
  public static Optional<String> dns1035Label(String name) {
    if (name.length() > LABEL_LIMIT) {
      return tooLong(LABEL_LIMIT);
    }
    return isDnsLabel(name) && isLower(name.charAt(0))
        ? Optional.empty()
        : Optional.of(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end"
                + " with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is"
                + " '[a-z]([-a-z0-9]*[a-z0-9])?')");
  }

  /** A DNS subdomain (RFC 1123), as most objects have it. */
  public static Optional<String> dnsSubdomain(String name) {
    if (name.length() > SUBDOMAIN_LIMIT) {
      return tooLong(SUBDOMAIN_LIMIT);
    }
    for (String label : name.split("\\.", -1)) {
      if (!isDnsLabel(label)) {
        return Optional.of(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end"
                + " with an alphanumeric character (e.g. 'example.com', regex used for validation is"
                + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
      }
    }
    return Optional.empty();
  }

  /** A name that is only a path segment, as RBAC objects have it. */
  public static Optional<String> pathSegment(String name) {
    if (name.equals(".") || name.equals("..")) {
      return Optional.of("may not be '" + name + "'");
    }
    for (char letter : new char[] {'/', '%'}) {
      if (name.indexOf(letter) >= 0) {
        return Optional.of("may not contain '" + letter + "'");
      }
    }
    return Optional.empty();
  }

  /** The key of a label or annotation: {@code [prefix/]name}. */
  public static Optional<String> qualifiedName(String key) {
    return qualifiedNameProblems(key).stream().findFirst();
  }

  /** All that is wrong with the key of a label: an empty name is also one of the wrong form. */
  public static List<String> qualifiedNameProblems(String key) {
    String[] parts = key.split("/", -1);
    if (parts.length > 2) {
      return List.of(
          "a qualified name "
              + NAME_FORM
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }
    List<String> problems = new ArrayList<>();
    if (parts.length == 2) {
      if (parts[0].isEmpty()) {
        problems.add("prefix part must be non-empty");
      } else {
        dnsSubdomain(parts[0]).ifPresent(problem -> problems.add("prefix part " + problem));
      }
    }
    String name = parts[parts.length - 1];
    if (name.isEmpty()) {
      problems.add("name part must be non-empty");
    } else if (name.length() > LABEL_LIMIT) {
      problems.add("name part must be no more than 63 characters");
    }
    if (name.isEmpty() || !isQualified(name)) {
      problems.add("name part " + NAME_FORM);
    }
    return List.copyOf(problems);
  }

  /** The value of a label. */
  public static Optional<String> labelValue(String value) {
    if (value.length() > LABEL_LIMIT) {
      return tooLong(LABEL_LIMIT);
    }
    return value.isEmpty() || isQualified(value)
        ? Optional.empty()
        : Optional.of(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end"
                + " with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
                + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
  }

  /** A key of a ConfigMap or Secret, also a file name. */
  public static Optional<String> configKey(String key) {
    if (key.length() > SUBDOMAIN_LIMIT) {
      return tooLong(SUBDOMAIN_LIMIT);
    }
    if (key.isEmpty()
        || !key.chars().allMatch(c -> isAlphanumeric(c) || c == '-' || c == '_' || c == '.')) {
      return Optional.of(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or"
              + " 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
    }
    if (key.equals(".")) {
      return Optional.of("must not be '.'");
    }
    return key.startsWith("..") ? Optional.of("must not start with '..'") : Optional.empty();
  }

  /** The name of an environment variable: printable ASCII without {@code =}. */
  public static Optional<String> environmentName(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != '=')
        ? Optional.empty()
        : Optional.of(
            "a valid environment variable name must consist only of printable ASCII characters other than '='");
  }

  /** The name of a port: at most 15 of lower case letters, digits and dashes, with a letter. */
  public static Optional<String> portName(String name) {
    if (name.length() > 15) {
      return tooLong(15);
    }
    if (!name.chars().allMatch(c -> isLower(c) || isDigit(c) || c == '-')) {
      return Optional.of("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (name.chars().noneMatch(NameRules::isLower)) {
      return Optional.of("must contain at least one letter (a-z)");
    }
    if (name.contains("--")) {
      return Optional.of("must not contain consecutive hyphens");
    }
    return name.startsWith("-") || name.endsWith("-")
        ? Optional.of("must not begin or end with a hyphen")
        : Optional.empty();
  }

  private static Optional<String> tooLong(int limit) {
    return Optional.of("must be no more than " + limit + " characters");
  }

  private static boolean isDnsLabel(String label) {
    return !label.isEmpty()
        && label.length() <= SUBDOMAIN_LIMIT
        && label.chars().allMatch(c -> isLower(c) || isDigit(c) || c == '-')
        && label.charAt(0) != '-'
        && label.charAt(label.length() - 1) != '-';
  }

  private static boolean isQualified(String name) {
    return name.chars().allMatch(c -> isAlphanumeric(c) || c == '-' || c == '_' || c == '.')
        && isAlphanumeric(name.charAt(0))
        && isAlphanumeric(name.charAt(name.length() - 1));
  }

  private static boolean isLower(int letter) {
    return letter >= 'a' && letter <= 'z';
  }

  private static boolean isDigit(int letter) {
    return letter >= '0' && letter <= '9';
  }

  private static boolean isAlphanumeric(int letter) {
    return isLower(letter) || isDigit(letter) || (letter >= 'A' && letter <= 'Z');
  }
}
