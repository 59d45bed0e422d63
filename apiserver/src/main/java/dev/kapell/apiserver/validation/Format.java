package dev.kapell.apiserver.validation;

import dev.kapell.api.names.NameRules;
import java.util.List;
import java.util.Optional;

/** How a text has to look, and what Kubernetes says when it does not. */
public enum Format {
  /** RFC 1123 label: namespaces, containers, volumes. */
  LABEL,
  /** RFC 1123 subdomain: most names. */
  SUBDOMAIN,
  /** RFC 1035 label: services. */
  SERVICE_NAME,
  /** A port's name (IANA service name). */
  PORT_NAME,
  /** A key of labels and annotations. */
  QUALIFIED_NAME,
  /** A label's value. */
  LABEL_VALUE,
  /** A key of a ConfigMap or Secret. */
  CONFIG_KEY,
  /** A name that stands in a path: roles. */
  PATH_SEGMENT,
  /** An environment variable. */
  ENV_NAME;

  /** All that is wrong with {@code text}, the first of it as {@link #problem}. */
  public List<String> problems(String text) {
    return this == QUALIFIED_NAME
        ? NameRules.qualifiedNameProblems(text)
        : problem(text).stream().toList();
  }

  /** What is wrong with {@code text}; empty when it is fine. */
  public Optional<String> problem(String text) {
    return switch (this) {
      case LABEL -> NameRules.dnsLabel(text);
      case SUBDOMAIN -> NameRules.dnsSubdomain(text);
      case SERVICE_NAME -> NameRules.dns1035Label(text);
      case PORT_NAME -> NameRules.portName(text);
      case QUALIFIED_NAME -> NameRules.qualifiedName(text);
      case LABEL_VALUE -> NameRules.labelValue(text);
      case CONFIG_KEY -> NameRules.configKey(text);
      case PATH_SEGMENT -> NameRules.pathSegment(text);
      case ENV_NAME -> NameRules.environmentName(text);
    };
  }
}
