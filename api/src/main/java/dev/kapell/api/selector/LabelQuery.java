package dev.kapell.api.selector;

import dev.kapell.api.DecodeException;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.LabelSelectorRequirement;
import dev.kapell.api.names.NameRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition on labels: every requirement has to hold; none holds for everything.
 *
 * <p>Text form as in the reference: {@code app=web,tier!=db,env in (a, b),zone notin
 * (c),gpu,!old,cores>4}.
 *
 * @param requirements all of them have to hold
 */
public record LabelQuery(List<Requirement> requirements) {
  /** Matches everything. */
  public static final LabelQuery EVERYTHING = new LabelQuery(List.of());

  /** Matches nothing. */
  public static final LabelQuery NOTHING =
      new LabelQuery(
          List.of(
              new Requirement("nothing", Operator.EXISTS, List.of()),
              new Requirement("nothing", Operator.DOES_NOT_EXIST, List.of())));

  /** How a label is compared. */
  public enum Operator {
    /** The label is there with one of the values. */
    IN,
    /** The label is not there, or with none of the values. */
    NOT_IN,
    /** The label is there. */
    EXISTS,
    /** The label is not there. */
    DOES_NOT_EXIST,
    /** The label is a whole number above the value. */
    GREATER_THAN,
    /** The label is a whole number below the value. */
    LESS_THAN
  }

  /**
   * One condition.
   *
   * @param key the label
   * @param operator how it is compared
   * @param values with what; empty for (non-)existence, one number for greater and less
   */
  public record Requirement(String key, Operator operator, List<String> values) {
    /** Copies the values. */
    public Requirement {
      values = List.copyOf(values);
    }

    boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
        case GREATER_THAN -> value != null && compare(value) > 0;
        case LESS_THAN -> value != null && compare(value) < 0;
      };
    }

    private int compare(String value) {
      try {
        return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
      } catch (NumberFormatException e) {
        return 0; // no number is neither above nor below
      }
    }

    @Override
    public String toString() {
      return switch (operator) {
        case EXISTS -> key;
        case DOES_NOT_EXIST -> "!" + key;
        case GREATER_THAN -> key + ">" + values.getFirst();
        case LESS_THAN -> key + "<" + values.getFirst();
        case IN -> values.size() == 1 ? key + "=" + values.getFirst() : key + " in " + list();
        case NOT_IN ->
            values.size() == 1 ? key + "!=" + values.getFirst() : key + " notin " + list();
      };
    }

    private String list() {
      return new TreeSet<>(values).stream().collect(Collectors.joining(",", "(", ")"));
    }
  }

  /** Copies the requirements. */
  public LabelQuery {
    requirements = List.copyOf(requirements);
  }

  /** All of {@code labels} with just these values. */
  public static LabelQuery exactly(Map<String, String> labels) {
    return new LabelQuery(
        labels.entrySet().stream()
            .map(label -> new Requirement(label.getKey(), Operator.IN, List.of(label.getValue())))
            .toList());
  }

  /**
   * The condition that {@code selector} stands for: an empty selector matches everything, an absent
   * one (null) nothing.
   *
   * @throws DecodeException when an operator is none of In, NotIn, Exists, DoesNotExist
   */
  public static LabelQuery of(@Nullable LabelSelector selector) {
    if (selector == null) {
      return NOTHING;
    }
    List<Requirement> requirements =
        new ArrayList<>(exactly(selector.matchLabels()).requirements());
    for (LabelSelectorRequirement expression : selector.matchExpressions()) {
      requirements.add(
          new Requirement(
              expression.keyOr(""), operator(expression.operatorOr("")), expression.values()));
    }
    return new LabelQuery(requirements);
  }

  private static Operator operator(String word) {
    return switch (word) {
      case "In" -> Operator.IN;
      case "NotIn" -> Operator.NOT_IN;
      case "Exists" -> Operator.EXISTS;
      case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
      case "Gt" -> Operator.GREATER_THAN;
      case "Lt" -> Operator.LESS_THAN;
      default ->
          throw new DecodeException("\"" + word + "\" is not a valid label selector operator");
    };
  }

  /**
   * Reads the text form.
   *
   * @throws DecodeException with what is wrong
   */
  public static LabelQuery parse(String text) {
    return text.isBlank() ? EVERYTHING : new LabelQuery(new LabelQueryParser(text).requirements());
  }

  /** Whether {@code labels} fulfil every requirement. */
  public boolean matches(Map<String, String> labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  /** True when it matches everything. */
  public boolean isEmpty() {
    return requirements.isEmpty();
  }

  /** The text form. */
  @Override
  public String toString() {
    return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
  }

  /** What is wrong with the keys and values, empty when nothing is. */
  public Optional<String> complaint() {
    List<String> complaints = new ArrayList<>();
    for (Requirement requirement : requirements) {
      NameRules.qualifiedName(requirement.key()).ifPresent(complaints::add);
      requirement.values().forEach(value -> NameRules.labelValue(value).ifPresent(complaints::add));
    }
    return complaints.stream().findFirst();
  }
}
