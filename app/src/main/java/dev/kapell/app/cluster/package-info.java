/**
 * The cluster on this machine as the command line sees it: its data folder and its background
 * server. Entry type: {@link dev.kapell.app.cluster.LocalCluster}. One thread.
 */
@NullMarked
package dev.kapell.app.cluster;

import org.jspecify.annotations.NullMarked;
