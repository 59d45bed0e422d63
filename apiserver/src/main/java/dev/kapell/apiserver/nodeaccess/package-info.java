/**
 * What a node may: read what its own pods refer to, write itself, its lease and the status of its
 * pods.
 *
 * <p>Entry types: {@link dev.kapell.apiserver.nodeaccess.NodeAuthorizer}, which is asked before a
 * request is carried out, and {@link dev.kapell.apiserver.nodeaccess.NodeRestriction}, which looks
 * at what is written. {@link dev.kapell.apiserver.nodeaccess.NodeGraph} is kept by the threads of a
 * {@link dev.kapell.apiserver.follow.Follower} and guards its state by itself.
 */
@NullMarked
package dev.kapell.apiserver.nodeaccess;

import org.jspecify.annotations.NullMarked;
