/** The finished program, seen through real clients: kubectl, fabric8, client-java, curl. */
@NullMarked
package dev.kapell.blackbox;

import org.jspecify.annotations.NullMarked;
