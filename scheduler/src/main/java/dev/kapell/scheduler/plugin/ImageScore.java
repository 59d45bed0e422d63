package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;
import java.util.List;

/**
 * The more bytes of the pod's images are on the node, the better, and the better the more nodes
 * have them: else all pods of an image would go to the one node that has it. How many nodes have an
 * image is as of the time when the row was last looked at.
 */
final class ImageScore implements Score {
  private static final double LEAST_BYTES = 23.0 * (1 << 20);
  private static final double MOST_BYTES_EACH = 1000.0 * (1 << 20);

  @Override
  public String name() {
    return "ImageLocality";
  }

  @Override
  public Points prepare(Demand demand, View view) {
    List<String> images = demand.images().stream().map(ImageScore::withTag).toList();
    if (images.isEmpty()) {
      return Points.NONE;
    }
    double most = Math.max(MOST_BYTES_EACH * images.size(), LEAST_BYTES + 1);
    return row -> {
      double sum = 0;
      for (String image : images) {
        sum += view.cluster().weightedImageBytes(image, row);
      }
      double bytes = Math.clamp(sum, LEAST_BYTES, most);
      return 100 * (bytes - LEAST_BYTES) / (most - LEAST_BYTES);
    };
  }

  /** As nodes report it. */
  private static String withTag(String image) {
    return image.lastIndexOf(':') <= image.lastIndexOf('/') ? image + ":latest" : image;
  }

  @Override
  public int weight() {
    return 1;
  }
}
