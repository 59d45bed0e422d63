/**
 * HTTP/1.1 as plain as it can be, for load that costs its machine little.
 *
 * <p>Entry type: {@link dev.kapell.bench.wire.Wire}, one connection, owned by one thread.
 */
@NullMarked
package dev.kapell.bench.wire;

import org.jspecify.annotations.NullMarked;
