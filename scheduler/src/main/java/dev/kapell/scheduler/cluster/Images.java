package dev.kapell.scheduler.cluster;

import dev.kapell.api.core.v1.ContainerImage;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which nodes have which images. One thread's. */
final class Images {
  private static final class Image {
    final BitSet rows = new BitSet();
    long bytes;
  }

  private final Map<String, Image> images = new HashMap<>();

  void add(int row, List<ContainerImage> there) {
    for (ContainerImage image : there) {
      for (String name : image.names()) {
        Image known = images.computeIfAbsent(name, n -> new Image());
        known.rows.set(row);
        known.bytes = image.sizeBytesOr(0L);
      }
    }
  }

  void remove(int row, List<ContainerImage> there) {
    for (ContainerImage image : there) {
      for (String name : image.names()) {
        Image known = images.get(name);
        if (known != null) {
          known.rows.clear(row);
          if (known.rows.isEmpty()) {
            images.remove(name);
          }
        }
      }
    }
  }

  /** The bytes of an image that is on the row's node, by the share of nodes that have it. */
  double weightedBytes(String name, int row, int nodes) {
    Image image = images.get(name);
    return image == null || !image.rows.get(row) || nodes == 0
        ? 0
        : (double) image.bytes * image.rows.cardinality() / nodes;
  }
}
