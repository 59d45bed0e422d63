package dev.kapell.node.pressure;

import dev.kapell.host.machine.Machine.DiskUsage;
import dev.kapell.host.machine.Machine.MemoryUsage;
import dev.kapell.host.machine.Machine.ProcessUsage;

/**
 * What is short now, by the kubelet's thresholds: memory.available &lt; 100Mi, nodefs.available
 * &lt; 10%, nodefs.inodesFree &lt; 5%, imagefs.available &lt; 15%, and tasks over 95%. Pure.
 *
 * @param disk of pods' files or of images
 */
record Signals(boolean memory, boolean disk, boolean tasks) {
  private static final long LEAST_MEMORY_BYTES = 100L << 20;
  private static final double LEAST_DISK = 0.10;
  private static final double LEAST_INODES = 0.05;
  private static final double LEAST_IMAGE_DISK = 0.15;
  private static final double MOST_TASKS = 0.95;

  /** Above that share of the images' disk, images go until it is below {@link #LOW_IMAGES}. */
  private static final double HIGH_IMAGES = 0.85;

  private static final double LOW_IMAGES = 0.80;

  static Signals of(MemoryUsage memory, DiskUsage node, DiskUsage images, ProcessUsage tasks) {
    boolean disk =
        isShort(node.availableBytes(), node.totalBytes(), LEAST_DISK)
            || isShort(node.inodesFree(), node.inodes(), LEAST_INODES)
            || isShort(images.availableBytes(), images.totalBytes(), LEAST_IMAGE_DISK);
    return new Signals(
        memory.availableBytes() < LEAST_MEMORY_BYTES,
        disk,
        tasks.maximum() > 0 && tasks.current() > tasks.maximum() * MOST_TASKS);
  }

  private static boolean isShort(long available, long total, double least) {
    return total > 0 && available < total * least;
  }

  /** How many bytes of images are too many; 0 while there is room. */
  static long surplus(DiskUsage images) {
    long used = images.totalBytes() - images.availableBytes();
    return images.totalBytes() > 0 && used >= images.totalBytes() * HIGH_IMAGES
        ? used - (long) (images.totalBytes() * LOW_IMAGES)
        : 0;
  }
}
