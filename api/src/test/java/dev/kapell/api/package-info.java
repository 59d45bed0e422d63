/** The judges of the model. */
@NullMarked
package dev.kapell.api;

import org.jspecify.annotations.NullMarked;
