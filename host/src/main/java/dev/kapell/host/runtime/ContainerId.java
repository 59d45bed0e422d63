package dev.kapell.host.runtime;

/** The runtime's name for a container; opaque, 64 hexadecimal digits with containerd. */
public record ContainerId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
