package dev.kapell.client;

/**
 * A change to an object.
 *
 * @param form how {@code body} is meant
 * @param body JSON (for {@link Form#APPLY} also YAML)
 * @param subresource {@code status}, {@code scale} or empty
 * @param fieldManager who writes; needed for {@link Form#APPLY}
 * @param force for {@link Form#APPLY}: take fields over from others
 */
public record Patch(
    Form form, String body, String subresource, String fieldManager, boolean force) {
  /** The forms of a patch, by media type. */
  public enum Form {
    /** RFC 6902. */
    JSON("application/json-patch+json"),
    /** RFC 7386. */
    MERGE("application/merge-patch+json"),
    /** Kubernetes' own, with merge keys. */
    STRATEGIC("application/strategic-merge-patch+json"),
    /** Server-side apply. */
    APPLY("application/apply-patch+yaml");

    private final String mediaType;

    Form(String mediaType) {
      this.mediaType = mediaType;
    }

    /** The {@code Content-Type} of this form. */
    public String mediaType() {
      return mediaType;
    }
  }

  /** A merge patch of the object itself. */
  public static Patch merge(String body) {
    return new Patch(Form.MERGE, body, "", "", false);
  }

  /** A strategic merge patch of the object itself. */
  public static Patch strategic(String body) {
    return new Patch(Form.STRATEGIC, body, "", "", false);
  }

  /** A JSON patch of the object itself. */
  public static Patch json(String body) {
    return new Patch(Form.JSON, body, "", "", false);
  }

  /** The same on the status. */
  public Patch onStatus() {
    return new Patch(form, body, "status", fieldManager, force);
  }
}
