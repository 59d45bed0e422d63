package dev.kapell.node.volume;

import java.util.Map;
import java.util.TreeMap;

/**
 * Files of a volume that is written by the node.
 *
 * @param files by path relative to the volume
 */
record Payload(Map<String, Entry> files) {
  /** Content and permission bits. */
  record Entry(byte[] content, int mode) {}

  /** Copies the map. */
  Payload {
    files = new TreeMap<>(files);
  }
}
