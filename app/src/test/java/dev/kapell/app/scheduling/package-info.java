/** What an operator may say to the scheduler. */
@NullMarked
package dev.kapell.app.scheduling;

import org.jspecify.annotations.NullMarked;
