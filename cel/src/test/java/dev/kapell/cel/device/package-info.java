@NullMarked
package dev.kapell.cel.device;

import org.jspecify.annotations.NullMarked;
