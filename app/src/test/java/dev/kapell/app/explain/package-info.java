/** Tests. */
@NullMarked
package dev.kapell.app.explain;

import org.jspecify.annotations.NullMarked;
