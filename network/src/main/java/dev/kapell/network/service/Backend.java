package dev.kapell.network.service;

/**
 * Where a packet for a Service may go.
 *
 * @param address an IPv4 address
 * @param port from 1 to 65535
 */
record Backend(String address, int port) implements Comparable<Backend> {
  @Override
  public int compareTo(Backend other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
  }
}
