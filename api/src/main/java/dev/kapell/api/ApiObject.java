package dev.kapell.api;

import dev.kapell.api.meta.v1.ObjectMeta;

/**
 * An object with a name of its own that the API server keeps. Implemented by the records of all
 * such kinds. Immutable.
 */
public interface ApiObject {
  /** For instance {@code apps/v1}. */
  String apiVersion();

  /** For instance {@code Deployment}. */
  String kind();

  /** Name, labels, owners and the like; {@link ObjectMeta#EMPTY} when the object came without. */
  ObjectMeta metadata();
}
