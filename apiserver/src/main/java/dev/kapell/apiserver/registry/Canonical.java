package dev.kapell.apiserver.registry;

import dev.kapell.api.Codec;
import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.UnknownFields;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldValidation;
import java.util.List;
import java.util.Map;

/**
 * Reads what a client sent by the fields of a generated record.
 *
 * @param version for instance {@code v1}
 * @param kind for instance {@code Pod}
 */
record Canonical<T>(Codec<T> codec, String version, String kind) {
  /**
   * Known fields only, each of its type.
   *
   * @param warnings gets a line for each unknown field when {@code unknown} says so
   * @throws dev.kapell.client.ApiFailure {@code BadRequest} with the path of what does not fit
   */
  Map<String, Object> tree(byte[] json, FieldValidation unknown, List<String> warnings) {
    try {
      var decoded =
          JsonCodec.decode(
              codec,
              json,
              switch (unknown) {
                case IGNORE -> UnknownFields.IGNORE;
                case WARN -> UnknownFields.WARN;
                case STRICT -> UnknownFields.STRICT;
              });
      if (unknown == FieldValidation.WARN) {
        warnings.addAll(decoded.complaints());
      }
      return Wire.parse(JsonCodec.encode(codec, decoded.value()));
    } catch (DecodeException e) {
      throw Failures.badRequest(
          kind
              + " in version \""
              + version
              + "\" cannot be handled as a "
              + kind
              + ": "
              + e.getMessage());
    }
  }
}
