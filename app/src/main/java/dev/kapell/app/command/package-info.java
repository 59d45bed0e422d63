/** One class for each command. Entry type: {@link dev.kapell.app.command.KapellCommand}. */
@NullMarked
package dev.kapell.app.command;

import org.jspecify.annotations.NullMarked;
