/**
 * Jobs at set times.
 *
 * <p>Entry type: {@link dev.kapell.controllers.cronjob.CronJobController}; schedules are read by
 * {@link dev.kapell.api.cron.CronSchedule}. No state.
 */
@NullMarked
package dev.kapell.controllers.cronjob;

import org.jspecify.annotations.NullMarked;
