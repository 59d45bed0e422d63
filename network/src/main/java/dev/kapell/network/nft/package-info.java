/**
 * An nftables table as a value: what it holds, and the smallest script that turns one into another.
 * Pure; nothing here runs {@code nft}.
 *
 * <p>Entry types: {@link dev.kapell.network.nft.NftTable}, {@link
 * dev.kapell.network.nft.NftScript}.
 */
@NullMarked
package dev.kapell.network.nft;

import org.jspecify.annotations.NullMarked;
