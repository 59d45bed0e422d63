@NullMarked
package dev.kapell.controllers.podgc;

import org.jspecify.annotations.NullMarked;
