/**
 * What the server's scheduler says, on a page for people. Entry types: {@link
 * dev.kapell.app.explain.WhyPage}, {@link dev.kapell.app.explain.PlanPage}. Pure.
 */
@NullMarked
package dev.kapell.app.explain;

import org.jspecify.annotations.NullMarked;
