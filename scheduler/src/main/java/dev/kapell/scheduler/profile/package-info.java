/**
 * What an operator may say about scheduling: several sets of rules under names of their own, and
 * other programs that have a say.
 *
 * <p>Entry type: {@link dev.kapell.scheduler.profile.Profile}. Immutable.
 */
@NullMarked
package dev.kapell.scheduler.profile;

import org.jspecify.annotations.NullMarked;
