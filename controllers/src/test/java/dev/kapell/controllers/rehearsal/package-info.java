/** Tests of rehearsals. */
@NullMarked
package dev.kapell.controllers.rehearsal;

import org.jspecify.annotations.NullMarked;
