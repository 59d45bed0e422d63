/**
 * Why a pod goes where it goes, or nowhere: what every filter says of every node, the node that is
 * closest and what it lacks, what would make the pod fit. Words for people, data for machines.
 *
 * <p>Nothing here judges a node: filters and scores do ({@link dev.kapell.scheduler.plugin}), and
 * this package asks them. Entry types: {@link dev.kapell.scheduler.why.Survey} and {@link
 * dev.kapell.scheduler.why.Report}. Pure; a cluster that is looked at belongs to the caller's
 * thread.
 */
@NullMarked
package dev.kapell.scheduler.why;

import org.jspecify.annotations.NullMarked;
