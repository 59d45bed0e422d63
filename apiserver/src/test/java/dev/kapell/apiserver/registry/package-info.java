/** Tests of the registry's parts that need no server. */
@NullMarked
package dev.kapell.apiserver.registry;

import org.jspecify.annotations.NullMarked;
