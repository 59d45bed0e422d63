/** A world of objects for tests of decisions: plans are applied to it as a server would. */
@NullMarked
package dev.kapell.controllers.world;

import org.jspecify.annotations.NullMarked;
