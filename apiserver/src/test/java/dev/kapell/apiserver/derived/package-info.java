/** Tests of what is made of stored bytes. */
@NullMarked
package dev.kapell.apiserver.derived;

import org.jspecify.annotations.NullMarked;
