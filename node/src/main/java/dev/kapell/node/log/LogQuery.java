package dev.kapell.node.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a log is wanted.
 *
 * @param follow go on while the container runs
 * @param timestamps begin each line with its time
 * @param tailLines only the last lines, null for all
 * @param since only lines from then on
 * @param limitBytes stop after so many bytes
 * @param stream {@code stdout}, {@code stderr}, or empty for both
 */
public record LogQuery(
    boolean follow,
    boolean timestamps,
    @Nullable Long tailLines,
    @Nullable Instant since,
    @Nullable Long limitBytes,
    String stream) {}
