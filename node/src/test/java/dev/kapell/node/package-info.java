/** Tests of the whole agent, against an API in memory. */
@NullMarked
package dev.kapell.node;

import org.jspecify.annotations.NullMarked;
