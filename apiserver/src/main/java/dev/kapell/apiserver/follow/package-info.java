/**
 * Keeps parts of the server informed of all objects of a kind.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.follow.Follower}. One thread for each kind followed,
 * which is the only one that calls its sink after the first load.
 */
@NullMarked
package dev.kapell.apiserver.follow;

import org.jspecify.annotations.NullMarked;
