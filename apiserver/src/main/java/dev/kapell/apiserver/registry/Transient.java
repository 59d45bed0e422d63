package dev.kapell.apiserver.registry;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.FieldValidation;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/**
 * The kind of a subresource whose objects are answered and not stored: requests for tokens. Their
 * bodies are read as strictly as those of others. Immutable.
 */
final class Transient {
  private final String apiVersion;
  private final Canonical<?> fields;

  private Transient(String apiVersion, Canonical<?> fields) {
    this.apiVersion = apiVersion;
    this.fields = fields;
  }

  /** The kind that {@code codec} reads, of which {@code empty} is one. */
  static <T extends ApiObject> Transient of(Codec<T> codec, T empty) {
    String apiVersion = empty.apiVersion();
    String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
    return new Transient(apiVersion, new Canonical<>(codec, version, empty.kind()));
  }

  /**
   * The object in the body: known fields only, each of its type.
   *
   * @param warnings gets a line for each unknown field when the request says so
   * @throws dev.kapell.client.ApiFailure {@code BadRequest} with the path of what does not fit
   */
  Obj read(ApiRequest request, List<String> warnings) {
    Obj sent = Obj.root(Bodies.tree(request.body()));
    Bodies.checkIdentity(sent, apiVersion, fields.kind());
    FieldValidation unknown = request.options().fieldValidation();
    byte[] json = Bodies.isJson(request.body()) ? request.body().bytes() : Wire.plain(sent.map());
    return Obj.root(fields.tree(json, unknown, warnings));
  }
}
