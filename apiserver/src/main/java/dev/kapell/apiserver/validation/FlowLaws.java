package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Locale;

/** Flow schemas and priority levels. */
final class FlowLaws {
  private FlowLaws() {}

  static void addTo(Laws laws) {
    laws.put("flowcontrol.v1.PriorityLevelConfigurationSpec", FlowLaws::level);
    laws.put("flowcontrol.v1.LimitResponse", FlowLaws::response);
    laws.put("flowcontrol.v1.QueuingConfiguration", FlowLaws::queuing);
    laws.put("flowcontrol.v1.Subject", FlowLaws::subject);
    laws.put("flowcontrol.v1.ResourcePolicyRule", FlowLaws::resourceRule);
    laws.put("flowcontrol.v1.FlowSchema", FlowLaws::schema);
    laws.put("flowcontrol.v1.FlowSchemaSpec", FlowLaws::schemaSpec);
  }

  private static void level(Obj spec, Errors errors) {
    switch (spec.text("type")) {
      case "Exempt" -> {
        if (spec.has("limited")) {
          errors.add(
              FieldError.forbidden(spec.at("limited"), "must be nil if the type is not Limited"));
        }
      }
      case "Limited" -> {
        if (!spec.has("limited")) {
          errors.add(
              FieldError.required(spec.at("limited"), "must not be empty when type is Limited"));
        }
        if (spec.has("exempt")) {
          errors.add(FieldError.forbidden(spec.at("exempt"), "must be nil if the type is Limited"));
        }
      }
      default -> {
        // said by the table
      }
    }
  }

  private static void response(Obj response, Errors errors) {
    if (response.text("type").equals("Reject") && response.has("queuing")) {
      errors.add(
          FieldError.forbidden(
              response.at("queuing"), "must be nil if limited.limitResponse.type is not Limited"));
    }
    if (response.text("type").equals("Queue") && !response.has("queuing")) {
      errors.add(
          FieldError.required(
              response.at("queuing"),
              "must not be empty if limited.limitResponse.type is Limited"));
    }
  }

  private static void queuing(Obj queuing, Errors errors) {
    long hand = queuing.number("handSize", 0);
    if (hand > queuing.number("queues", 0)) {
      errors.invalid(
          queuing.at("handSize"),
          hand,
          "should not be greater than queues (" + queuing.number("queues", 0) + ")");
    }
  }

  private static void subject(Obj subject, Errors errors) {
    String kind = subject.text("kind");
    for (String one : List.of("User", "Group", "ServiceAccount")) {
      String field = one.substring(0, 1).toLowerCase(Locale.ROOT) + one.substring(1);
      if (one.equals(kind) && !subject.has(field)) {
        errors.add(
            FieldError.required(
                subject.at(field), field + " is required when subject kind is '" + kind + "'"));
      } else if (!one.equals(kind) && subject.has(field)) {
        errors.add(
            FieldError.forbidden(
                subject.at(field), field + " is forbidden when subject kind is not '" + one + "'"));
      }
    }
  }

  private static void resourceRule(Obj rule, Errors errors) {
    if (rule.values("namespaces").isEmpty() && !rule.flag("clusterScope")) {
      errors.add(
          FieldError.required(
              rule.at("namespaces"),
              "resource rules that are not cluster scoped must supply at least one namespace"));
    }
  }

  private static void schema(Obj schema, Errors errors) {
    long precedence = schema.child("spec").number("matchingPrecedence", 1000);
    if (precedence == 1 && !schema.child("metadata").text("name").equals("exempt")) {
      errors.invalid(
          "spec.matchingPrecedence",
          precedence,
          "only the schema named 'exempt' may have matchingPrecedence 1");
    }
  }

  private static void schemaSpec(Obj spec, Errors errors) {
    if (!spec.has("priorityLevelConfiguration")) {
      errors.add(
          FieldError.required(
              spec.at("priorityLevelConfiguration") + ".name", "must reference a priority level"));
    }
  }
}
