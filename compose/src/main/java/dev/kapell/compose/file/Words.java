package dev.kapell.compose.file;

import java.util.ArrayList;
import java.util.List;

/** Splits a command line as a POSIX shell splits words: quotes and backslashes, nothing else. */
final class Words {
  private Words() {}

  static List<String> split(Place place, String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char next = line.charAt(i);
      if (quote == '\'') {
        if (next == '\'') {
          quote = 0;
        } else {
          word.append(next);
        }
      } else if (next == '\\') {
        i++;
        if (i == line.length()) {
          throw new ComposeFailure(place, "a command that ends with a backslash");
        }
        char escaped = line.charAt(i);
        if (quote == '"' && "\"\\$`".indexOf(escaped) < 0) {
          word.append('\\');
        }
        word.append(escaped);
        inWord = true;
      } else if (quote == '"') {
        if (next == '"') {
          quote = 0;
        } else {
          word.append(next);
        }
      } else if (next == '\'' || next == '"') {
        quote = next;
        inWord = true;
      } else if (Character.isWhitespace(next)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(next);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw new ComposeFailure(place, "a quote in a command that does not end");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
