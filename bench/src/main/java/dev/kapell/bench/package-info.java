/**
 * Programs that measure, each with a {@code main} of its own; the scripts beside the sources
 * measure whole processes. Nothing here is part of the product.
 *
 * <p>Entry types: {@link dev.kapell.bench.StoreBench}, {@link dev.kapell.bench.CodecBench}, {@link
 * dev.kapell.bench.PodStartBench}. Everything runs on the main thread unless a program says
 * otherwise.
 */
@NullMarked
package dev.kapell.bench;

import org.jspecify.annotations.NullMarked;
