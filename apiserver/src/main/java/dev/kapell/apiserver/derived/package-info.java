/**
 * What is made of stored objects, once for everybody who asks. Entry type: {@link
 * dev.kapell.apiserver.derived.Derived}. Any thread may use it; its state is under its own lock.
 */
@NullMarked
package dev.kapell.apiserver.derived;

import org.jspecify.annotations.NullMarked;
