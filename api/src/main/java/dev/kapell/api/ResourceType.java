package dev.kapell.api;

import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.PartialObjectMetadata;
import java.util.List;
import java.util.function.BiFunction;

/**
 * One served kind in one version: the generated {@code Types} has a constant for each.
 *
 * @param group the API group, empty for the core group
 * @param version for instance {@code v1}
 * @param kind for instance {@code Pod}
 * @param plural the path segment, for instance {@code pods}
 * @param singular for instance {@code pod}
 * @param namespaced whether objects live in namespaces
 * @param shortNames for instance {@code po}
 * @param categories for instance {@code all}
 * @param subresources for instance {@code status}
 * @param codec reads and writes the object
 * @param metadata the object with other metadata
 * @param <T> the record
 */
public record ResourceType<T extends ApiObject>(
    String group,
    String version,
    String kind,
    String plural,
    String singular,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    List<String> subresources,
    Codec<T> codec,
    BiFunction<T, ObjectMeta, T> metadata) {

  /** Copies the lists. */
  public ResourceType {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    subresources = List.copyOf(subresources);
  }

  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return new GroupVersion(group, version).toString();
  }

  /** {@code PodList}. */
  public String listKind() {
    return kind + "List";
  }

  /** {@code pods} or {@code deployments.apps}: how messages and events name the resource. */
  public String qualifiedName() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** {@code object} with other metadata. */
  public T withMetadata(T object, ObjectMeta other) {
    return metadata.apply(object, other);
  }

  /** The same objects, of which a reader takes only the metadata. Not for writing. */
  public ResourceType<PartialObjectMetadata> metadataOnly() {
    return new ResourceType<>(
        group,
        version,
        kind,
        plural,
        singular,
        namespaced,
        shortNames,
        categories,
        subresources,
        PartialObjectMetadata.CODEC,
        PartialObjectMetadata::withMetadata);
  }

  /** Whether this is what {@link #metadataOnly} has made. */
  public boolean isMetadataOnly() {
    return codec.equals(PartialObjectMetadata.CODEC);
  }

  @Override
  public String toString() {
    return apiVersion() + "/" + plural;
  }
}
