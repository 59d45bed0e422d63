package dev.kapell.apiserver.custom;

import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** The formats of texts that are checked. */
final class Formats {
  private Formats() {}

  static boolean isDateTime(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
