@NullMarked
package dev.kapell.controllers.nodehealth;

import org.jspecify.annotations.NullMarked;
