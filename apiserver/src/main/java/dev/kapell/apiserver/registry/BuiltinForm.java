package dev.kapell.apiserver.registry;

import dev.kapell.api.ApiObject;
import dev.kapell.api.DecodeException;
import dev.kapell.api.ResourceType;
import dev.kapell.api.json.JsonCodec;
import dev.kapell.api.json.UnknownFields;
import dev.kapell.apiserver.request.FieldValidation;
import dev.kapell.apiserver.request.Failures;
import java.util.List;
import java.util.Map;

/** The fields of a generated record: what is not in it does not pass. */
final class BuiltinForm<T extends ApiObject> implements Form {
  private final ResourceType<T> type;

  BuiltinForm(ResourceType<T> type) {
    this.type = type;
  }

  @Override
  public Map<String, Object> canonical(
      Map<String, Object> tree, FieldValidation unknown, List<String> warnings) {
    return canonical(Wire.plain(tree), unknown, warnings);
  }

  @Override
  public Map<String, Object> canonical(
      byte[] json, FieldValidation unknown, List<String> warnings) {
    try {
      var decoded =
          JsonCodec.decode(
              type.codec(),
              json,
              switch (unknown) {
                case IGNORE -> UnknownFields.IGNORE;
                case WARN -> UnknownFields.WARN;
                case STRICT -> UnknownFields.STRICT;
              });
      if (unknown == FieldValidation.WARN) {
        warnings.addAll(decoded.complaints());
      }
      return Wire.parse(JsonCodec.encode(type.codec(), decoded.value()));
    } catch (DecodeException e) {
      throw Failures.badRequest(
          type.kind()
              + " in version \""
              + type.version()
              + "\" cannot be handled as a "
              + type.kind()
              + ": "
              + e.getMessage());
    }
  }
}
