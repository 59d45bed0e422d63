package dev.kapell.apiserver.serving;

import dev.kapell.api.Codec;
import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ProtoCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.authentication.v1.SelfSubjectReview;
import dev.kapell.api.authentication.v1.TokenRequest;
import dev.kapell.api.authentication.v1.TokenReview;
import dev.kapell.api.authorization.v1.LocalSubjectAccessReview;
import dev.kapell.api.authorization.v1.SelfSubjectAccessReview;
import dev.kapell.api.authorization.v1.SelfSubjectRulesReview;
import dev.kapell.api.authorization.v1.SubjectAccessReview;
import dev.kapell.api.autoscaling.v1.Scale;
import dev.kapell.api.core.v1.Binding;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.PartialObjectMetadata;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.api.policy.v1.Eviction;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The codecs of everything that has a protobuf form, by version and kind. Immutable. */
final class Kinds {
  private final Map<String, Codec<?>> codecs = new HashMap<>();

  /** For kinds that are the same in every group. */
  private final Map<String, Codec<?>> anywhere =
      Map.of(
          "DeleteOptions", DeleteOptions.CODEC,
          "Status", Status.CODEC,
          "PartialObjectMetadata", PartialObjectMetadata.CODEC);

  Kinds() {
    for (ResourceType<?> type : Types.all()) {
      put(type.apiVersion(), type.kind(), type.codec());
    }
    put("v1", "Binding", Binding.CODEC);
    put("policy/v1", "Eviction", Eviction.CODEC);
    put("autoscaling/v1", "Scale", Scale.CODEC);
    put("authentication.k8s.io/v1", "TokenRequest", TokenRequest.CODEC);
    put("authentication.k8s.io/v1", "TokenReview", TokenReview.CODEC);
    put("authentication.k8s.io/v1", "SelfSubjectReview", SelfSubjectReview.CODEC);
    put("authorization.k8s.io/v1", "SubjectAccessReview", SubjectAccessReview.CODEC);
    put("authorization.k8s.io/v1", "SelfSubjectAccessReview", SelfSubjectAccessReview.CODEC);
    put("authorization.k8s.io/v1", "SelfSubjectRulesReview", SelfSubjectRulesReview.CODEC);
    put("authorization.k8s.io/v1", "LocalSubjectAccessReview", LocalSubjectAccessReview.CODEC);
  }

  private void put(String apiVersion, String kind, Codec<?> codec) {
    codecs.put(apiVersion + " " + kind, codec);
  }

  Optional<Codec<?>> find(String apiVersion, String kind) {
    Codec<?> codec = codecs.get(apiVersion + " " + kind);
    return Optional.ofNullable(codec == null ? anywhere.get(kind) : codec);
  }

  /** JSON for a protobuf body in its envelope; {@link DecodeException} when it is none. */
  byte[] toJson(byte[] body) {
    ProtoCodec.Envelope envelope = ProtoCodec.open(body);
    Codec<?> codec =
        find(envelope.apiVersion(), envelope.kind())
            .orElseThrow(
                () ->
                    new DecodeException(
                        "no kind \"%s\" is registered for version \"%s\""
                            .formatted(envelope.kind(), envelope.apiVersion())));
    return reencodeToJson(codec, envelope);
  }

  private static <T> byte[] reencodeToJson(Codec<T> codec, ProtoCodec.Envelope envelope) {
    byte[] json = JsonCodec.encode(codec, ProtoCodec.decode(codec, envelope.raw()));
    return Identity.of(json).isPresent()
        ? json
        : Identity.add(json, envelope.apiVersion(), envelope.kind());
  }

  /** The protobuf form of a JSON object, without envelope. */
  static <T> byte[] toProtobuf(Codec<T> codec, byte[] json) {
    return ProtoCodec.encode(codec, JsonCodec.decode(codec, json));
  }
}
