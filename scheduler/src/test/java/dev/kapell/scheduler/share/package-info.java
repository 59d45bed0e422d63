/** Tests. */
@NullMarked
package dev.kapell.scheduler.share;

import org.jspecify.annotations.NullMarked;
