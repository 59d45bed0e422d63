package dev.kapell.host.image;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An image of one layer.
 *
 * @param name in full, with host and tag: {@code kapell.local/toolbox:1}
 * @param architecture as Go names it: {@code amd64}, {@code arm64}
 * @param layer a tar archive, see {@link Layer}
 * @param entrypoint the program
 * @param command its arguments, or the program when there is no entry point
 * @param environment variables, written in the order of their names
 */
public record ImageSpec(
    String name,
    String architecture,
    byte[] layer,
    List<String> entrypoint,
    List<String> command,
    Map<String, String> environment) {
  /** Copies the collections. */
  public ImageSpec {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = java.util.Collections.unmodifiableMap(new TreeMap<>(environment));
  }
}
