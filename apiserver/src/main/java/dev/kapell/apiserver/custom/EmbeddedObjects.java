package dev.kapell.apiserver.custom;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.names.NameRules;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.apiserver.validation.Format;
import dev.kapell.apiserver.validation.MetadataRules;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a whole object inside of another one has to be: {@code x-kubernetes-embedded-resource}. */
final class EmbeddedObjects {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

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

  /**
   * Metadata in canonical form.
   *
   * @param dropped gets the paths, below {@code path}, of what metadata does not have
   * @throws DecodeException when something in it is of the wrong type
   */
  static Map<String, Object> metadata(Object sent, String path, List<String> dropped) {
    var read = JsonCodec.fromTree(ObjectMeta.CODEC, sent, UnknownFields.WARN);
    for (String complaint : read.complaints()) {
      String field = complaint.substring(complaint.indexOf('"') + 1, complaint.length() - 1);
      dropped.add(path + "." + field);
    }
    return Wire.parse(JsonCodec.encode(ObjectMeta.CODEC, read.value()));
  }

  /** Brings the metadata of {@code object} into canonical form; what cannot be read stays. */
  static void prune(Map<String, Object> object, String path, List<String> dropped) {
    Object sent = object.get("metadata");
    if (sent instanceof Map<?, ?>) {
      try {
        object.put("metadata", metadata(sent, path, dropped));
      } catch (DecodeException e) {
        LOG.log(System.Logger.Level.DEBUG, "embedded metadata left as it is path={0}", path);
      }
    }
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
