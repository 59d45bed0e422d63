/**
 * What every store promises, as tests: a test class of an implementation implements {@link
 * dev.kapell.store.contract.WriteContract}, {@link dev.kapell.store.contract.ReadContract}, {@link
 * dev.kapell.store.contract.WatchContract} and, if it outlives its process, {@link
 * dev.kapell.store.contract.DurabilityContract}.
 *
 * <p>The tests start threads through a {@code TaskScope}; nothing here keeps state.
 */
@NullMarked
package dev.kapell.store.contract;

import org.jspecify.annotations.NullMarked;
