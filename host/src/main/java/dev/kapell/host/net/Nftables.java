package dev.kapell.host.net;

import java.util.List;

/**
 * Packet rules. Every method throws {@link NetworkFailure} when nft refuses; nothing is then
 * changed.
 */
public interface Nftables {

  /**
   * Applies a script in nft's language as one transaction: all of it or nothing.
   *
   * @param script statements, one a line; note nft's traps: {@code ;} after a map's closing brace
   *     on one line, {@code dnat ip to a:p} wants {@code meta l4proto} first
   */
  void apply(String script);

  /**
   * What {@code nft -j list …} says.
   *
   * @param what for instance {@code table, ip, kapell}; a table that does not exist gives {@code
   *     {"nftables":[]}}
   */
  String listJson(String... what);

  /** The tables, each as {@code family name}, for instance {@code ip kapell}. */
  List<String> tables();

  /** Deletes a table with all in it. Repeatable. */
  void deleteTable(String family, String name);
}
