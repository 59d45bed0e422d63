package dev.kapell.scheduler.demand;

import dev.kapell.api.core.v1.NodeAffinity;
import dev.kapell.api.core.v1.Toleration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part of a demand that is answered by a node and the pods on it alone: all demands of one
 * shape share these answers, whatever their labels. Immutable; the hash is kept.
 */
final class Shape {
  final long[] requests;
  final long[] usual;
  final List<HostPort> ports;
  final Map<String, String> nodeSelector;
  final @Nullable NodeAffinity nodeAffinity;
  final List<Toleration> tolerations;
  final List<String> images;
  private final int hash;

  Shape(Requests requests, Where where, List<HostPort> ports, List<String> images) {
    this.requests = requests.asked();
    this.usual = requests.usual();
    this.ports = ports;
    this.nodeSelector = where.nodeSelector();
    this.nodeAffinity = where.nodeAffinity();
    this.tolerations = where.tolerations();
    this.images = images;
    this.hash =
        Objects.hash(
            Arrays.hashCode(this.requests),
            Arrays.hashCode(this.usual),
            ports,
            nodeSelector,
            nodeAffinity,
            tolerations,
            images);
  }

  /** Which nodes are meant. */
  record Where(
      Map<String, String> nodeSelector,
      @Nullable NodeAffinity nodeAffinity,
      List<Toleration> tolerations) {}

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Shape that
            && hash == that.hash
            && Arrays.equals(requests, that.requests)
            && Arrays.equals(usual, that.usual)
            && ports.equals(that.ports)
            && nodeSelector.equals(that.nodeSelector)
            && Objects.equals(nodeAffinity, that.nodeAffinity)
            && tolerations.equals(that.tolerations)
            && images.equals(that.images));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
