package dev.kapell.apiserver.flow;

/**
 * The right to run, until closed.
 *
 * @param schemaUid of the flow schema that the request fell under; empty for none
 * @param levelUid of its priority level
 * @param leave gives the seats back
 */
public record Ticket(String schemaUid, String levelUid, Runnable leave) implements AutoCloseable {
  @Override
  public void close() {
    leave.run();
  }
}
