/**
 * Times by a cron schedule: what the API checks and the controller waits for. Pure.
 *
 * <p>Entry type: {@link dev.kapell.api.cron.CronSchedule}.
 */
@NullMarked
package dev.kapell.api.cron;

import org.jspecify.annotations.NullMarked;
