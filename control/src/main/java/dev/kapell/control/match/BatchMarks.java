package dev.kapell.control.match;

/** By which annotations and labels batch work speaks to the scheduler. */
public final class BatchMarks {
  /** Annotation of a pod: the name of its gang. Of a Job: {@code true} for a gang of its pods. */
  public static final String GANG = "scheduling.kapell.dev/gang";

  /** Annotation of a pod: how many pods make its gang whole. */
  public static final String GANG_SIZE = "scheduling.kapell.dev/gang-size";

  /** Annotation of a pod or Job: the patience of a gang, for instance {@code 90s}, {@code 5m}. */
  public static final String GANG_TIMEOUT = "scheduling.kapell.dev/gang-timeout";

  /** Label of a pod or Job: the queue whose share it counts against. */
  public static final String QUEUE = "scheduling.kapell.dev/queue";

  private BatchMarks() {}
}
