@NullMarked
package dev.kapell.scheduler.device;

import org.jspecify.annotations.NullMarked;
