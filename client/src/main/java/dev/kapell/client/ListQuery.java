package dev.kapell.client;

/**
 * What a list or a watch covers. Selectors are in the API's own text form, empty for everything.
 *
 * @param namespace empty for all namespaces
 * @param labelSelector for instance {@code app=web,tier!=db}
 * @param fieldSelector for instance {@code spec.nodeName=n1}
 */
public record ListQuery(String namespace, String labelSelector, String fieldSelector) {
  /** Everything. */
  public static final ListQuery ALL = new ListQuery("", "", "");

  /** Everything in one namespace. */
  public static ListQuery in(String namespace) {
    return new ListQuery(namespace, "", "");
  }

  /** The same with a label selector. */
  public ListQuery labels(String selector) {
    return new ListQuery(namespace, selector, fieldSelector);
  }

  /** The same with a field selector. */
  public ListQuery fields(String selector) {
    return new ListQuery(namespace, labelSelector, selector);
  }
}
