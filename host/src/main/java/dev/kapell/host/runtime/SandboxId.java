package dev.kapell.host.runtime;

/** The runtime's name for a pod sandbox; opaque, 64 hexadecimal digits with containerd. */
public record SandboxId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
