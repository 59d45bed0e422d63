package dev.kapell.apiserver.derived;

/**
 * A form of an array: the array itself, not what is in it.
 *
 * @param <F> names a form
 */
@SuppressWarnings("ArrayRecordComponent") // the very array is what is meant
record Source<F>(byte[] bytes, F form) {
  @Override
  @SuppressWarnings("ReferenceEquality")
  public boolean equals(Object other) {
    return other instanceof Source<?> source && source.bytes == bytes && source.form.equals(form);
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(bytes) + form.hashCode();
  }
}
