package dev.kapell.host.runtime;

/**
 * @param name for instance {@code containerd}
 * @param version for instance {@code 1.6.20~ds1}
 * @param apiVersion of CRI, {@code v1}
 */
public record RuntimeVersion(String name, String version, String apiVersion) {
  /** As Node status writes it: {@code containerd://1.6.20~ds1}. */
  public String url() {
    return name + "://" + version;
  }
}
