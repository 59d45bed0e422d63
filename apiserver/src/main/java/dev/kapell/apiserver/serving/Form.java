package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.http.Headers;
import java.util.List;
import java.util.Set;

/**
 * In which form a client wants its answer.
 *
 * @param encoding how objects are written
 * @param view what is shown of them
 * @param viewVersion {@code v1} or {@code v1beta1} of {@code meta.k8s.io}, for a view
 */
record Form(Encoding encoding, View view, String viewVersion) {
  enum Encoding {
    JSON(MediaType.JSON),
    PROTOBUF(MediaType.PROTOBUF),
    YAML(MediaType.YAML);

    private final String mediaType;

    Encoding(String mediaType) {
      this.mediaType = mediaType;
    }

    String mediaType() {
      return mediaType;
    }
  }

  enum View {
    /** The objects themselves. */
    WHOLE,
    /** Columns and rows. */
    TABLE,
    /** Only the metadata. */
    METADATA
  }

  static final Form JSON = new Form(Encoding.JSON, View.WHOLE, "v1");
  private static final Set<String> VIEW_VERSIONS = Set.of("v1", "v1beta1");

  /**
   * Chooses by the {@code Accept} headers.
   *
   * @param protobuf whether the resource can be written in protobuf
   * @param views whether it can be shown as a table or by its metadata
   */
  static Form of(Headers headers, boolean protobuf, boolean views) {
    List<String> accept = headers.all("Accept");
    if (accept.isEmpty()) {
      return JSON;
    }
    for (MediaType type : MediaType.list(accept)) {
      Form form = form(type, protobuf);
      if (form != null && (views || form.view() == View.WHOLE)) {
        return form;
      }
    }
    throw Failures.notAcceptable(List.of(MediaType.JSON, MediaType.YAML, MediaType.PROTOBUF));
  }

  /** How a refusal is written: as asked for where that can be, in JSON otherwise. */
  static Encoding ofStatus(Headers headers) {
    for (MediaType type : MediaType.list(headers.all("Accept"))) {
      Form form = form(type, true);
      if (form != null && form.view() == View.WHOLE) {
        return form.encoding();
      }
    }
    return Encoding.JSON;
  }

  private static @org.jspecify.annotations.Nullable Form form(MediaType type, boolean protobuf) {
    String as = type.parameter("as", "");
    String version = type.parameter("v", "v1");
    boolean view = !as.isEmpty();
    if (view
        && (!type.parameter("g", "").equals("meta.k8s.io") || !VIEW_VERSIONS.contains(version))) {
      return null;
    }
    View shown =
        switch (as) {
          case "" -> View.WHOLE;
          case "Table" -> View.TABLE;
          case "PartialObjectMetadata", "PartialObjectMetadataList" -> View.METADATA;
          default -> null;
        };
    if (shown == null) {
      return null;
    }
    if (type.matches(MediaType.JSON)) {
      return new Form(Encoding.JSON, shown, version);
    }
    if (type.name().equals(MediaType.PROTOBUF) && shown == View.METADATA) {
      return new Form(Encoding.PROTOBUF, shown, version);
    }
    if (type.name().equals(MediaType.PROTOBUF) && protobuf && shown == View.WHOLE) {
      return new Form(Encoding.PROTOBUF, shown, version);
    }
    return type.matches(MediaType.YAML) ? new Form(Encoding.YAML, shown, version) : null;
  }
}
