package dev.kapell.apiserver.validation;

import dev.kapell.api.names.NameRules;
import java.util.Optional;
import java.util.function.Function;

/** How a text has to look, and what Kubernetes says when it does not. */
public enum Format {
  /** RFC 1123 label: namespaces, containers, volumes. */
  LABEL(NameRules::dnsLabel),
  /** RFC 1123 subdomain: most names. */
  SUBDOMAIN(NameRules::dnsSubdomain),
  /** RFC 1035 label: services. */
  SERVICE_NAME(NameRules::dns1035Label),
  /** A port's name (IANA service name). */
  PORT_NAME(NameRules::portName),
  /** A key of labels and annotations. */
  QUALIFIED_NAME(NameRules::qualifiedName),
  /** A label's value. */
  LABEL_VALUE(NameRules::labelValue),
  /** A key of a ConfigMap or Secret. */
  CONFIG_KEY(NameRules::configKey),
  /** A name that stands in a path: roles. */
  PATH_SEGMENT(NameRules::pathSegment),
  /** An environment variable. */
  ENV_NAME(NameRules::environmentName);

  private final Function<String, Optional<String>> rule;

  Format(Function<String, Optional<String>> rule) {
    this.rule = rule;
  }

  /** What is wrong with {@code text}; empty when it is fine. */
  public Optional<String> problem(String text) {
    return rule.apply(text);
  }
}
