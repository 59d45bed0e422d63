package dev.kapell.apiserver.serving;

import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.store.Store;
import java.nio.file.Path;
import java.util.List;

/**
 * How an API server is run.
 *
 * @param keys the directory of keys, certificates and the admin's kubeconfig
 * @param host the address to bind, {@code 0.0.0.0} for all
 * @param port 0 for any free one
 * @param address the IPv4 address under which pods and nodes reach it
 * @param names further names and addresses for its certificate
 * @param store keeps the objects; stays open
 * @param clock stamps and alarms
 * @param randomness keys, uids, names
 * @param operations what an operator may set beyond
 */
public record ApiServerOptions(
    Path keys,
    String host,
    int port,
    String address,
    List<String> names,
    Store store,
    Clock clock,
    Randomness randomness,
    Operations operations) {
  /** With the default operations. */
  public ApiServerOptions(
      Path keys,
      String host,
      int port,
      String address,
      List<String> names,
      Store store,
      Clock clock,
      Randomness randomness) {
    this(keys, host, port, address, names, store, clock, randomness, Operations.defaults());
  }

  /** The same, operated otherwise. */
  public ApiServerOptions with(Operations other) {
    return new ApiServerOptions(keys, host, port, address, names, store, clock, randomness, other);
  }

  /** The same with {@code other} in front of the store, or instead of it. */
  ApiServerOptions on(Store other) {
    return new ApiServerOptions(
        keys, host, port, address, names, other, clock, randomness, operations);
  }

  /** Copies the names. */
  public ApiServerOptions {
    names = List.copyOf(names);
  }
}
