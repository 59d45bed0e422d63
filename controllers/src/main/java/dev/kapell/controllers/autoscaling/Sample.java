package dev.kapell.controllers.autoscaling;

import java.time.Duration;
import java.time.Instant;

/**
 * What was measured of one pod.
 *
 * @param milli thousandths of the metric's unit
 * @param at the end of the span that was looked at
 * @param window how long that span was
 */
record Sample(long milli, Instant at, Duration window) {}
