/** Tests. */
@NullMarked
package dev.kapell.app.command;

import org.jspecify.annotations.NullMarked;
