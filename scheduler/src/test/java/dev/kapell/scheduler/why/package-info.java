/** Tests of explanations. */
@NullMarked
package dev.kapell.scheduler.why;

import org.jspecify.annotations.NullMarked;
