/**
 * Which programs the machine still lacks to run containers, and how to get them.
 *
 * <p>Entry type: {@link dev.kapell.host.packages.RuntimePackages}. Nothing is kept; safe from any
 * thread.
 */
@NullMarked
package dev.kapell.host.packages;

import org.jspecify.annotations.NullMarked;
