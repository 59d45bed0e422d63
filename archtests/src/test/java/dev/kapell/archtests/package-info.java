/** The rules of the house, as tests. Each says how to repair a violation. */
@NullMarked
package dev.kapell.archtests;

import org.jspecify.annotations.NullMarked;
