package dev.kapell.apiserver.custom;

import dev.kapell.api.names.NameRules;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.apiserver.validation.Format;
import dev.kapell.apiserver.validation.MetadataRules;
import java.util.Locale;
import java.util.Map;

/** What a whole object inside of another one has to be: {@code x-kubernetes-embedded-resource}. */
final class EmbeddedObjects {
  private EmbeddedObjects() {}

  /** Reports what is wrong with {@code object}, which stands at {@code path}. */
  static void check(Map<String, Object> object, String path, Errors errors) {
    Obj embedded = Obj.at(object, path);
    if (text(embedded, "apiVersion", errors)
        && embedded.text("apiVersion").chars().filter(c -> c == '/').count() > 1) {
      errors.invalid(
          embedded.at("apiVersion"),
          embedded.text("apiVersion"),
          "unexpected GroupVersion string: " + embedded.text("apiVersion"));
    }
    if (text(embedded, "kind", errors)) {
      String kind = embedded.text("kind");
      NameRules.dns1035Label(kind.toLowerCase(Locale.ROOT))
          .ifPresent(
              problem ->
                  errors.invalid(
                      embedded.at("kind"),
                      kind,
                      "may have mixed case, but should otherwise match: " + problem));
    }
    embedded
        .find("metadata")
        .ifPresent(
            metadata -> {
              Obj named = Obj.at(Trees.copy(metadata.map()), metadata.path());
              if (named.text("name").isEmpty()) {
                named.put("name", "fakename"); // it may be absent here
              }
              MetadataRules.check(named, Format.PATH_SEGMENT, errors);
            });
  }

  private static boolean text(Obj embedded, String field, Errors errors) {
    if (!embedded.map().containsKey(field)) {
      errors.add(FieldError.required(embedded.at(field), ""));
    } else if (!(embedded.get(field) instanceof String text)) {
      errors.invalid(embedded.at(field), embedded.get(field), "must be a string");
    } else if (text.isEmpty()) {
      errors.invalid(embedded.at(field), text, "must not be empty");
    } else {
      return true;
    }
    return false;
  }
}
