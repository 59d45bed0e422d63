/** Tests. */
@NullMarked
package dev.kapell.scheduler.gang;

import org.jspecify.annotations.NullMarked;
