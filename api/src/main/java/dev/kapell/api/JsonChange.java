package dev.kapell.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What differs between two texts of one object, as text for a {@link ChangeReader}: members of the
 * object and of its {@linkplain ChangeReader#isPart parts}, each whole; null for those that are
 * gone. What is equal is compared and not looked through. One thread's.
 */
final class JsonChange {
  /**
   * A member of the text before.
   *
   * @param members its own, if it is a part
   */
  private record Member(int nameFrom, int nameTo, int from, int to, List<Member> members) {
    boolean isPart() {
      return !members.isEmpty();
    }
  }

  private static final byte[] NULL = ":null".getBytes(StandardCharsets.US_ASCII);

  private final byte[] before;
  private final byte[] after;
  private final JsonCursor cursor;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

  private JsonChange(byte[] before, byte[] after) {
    this.before = before;
    this.after = after;
    this.cursor = new JsonCursor(after);
  }

  /** Both texts have to be well-formed objects. */
  static byte[] between(byte[] before, byte[] after) {
    JsonChange change = new JsonChange(before, after);
    change.object(members(before, new JsonCursor(before), true));
    return change.out.toByteArray();
  }

  private static List<Member> members(byte[] text, JsonCursor cursor, boolean hasParts) {
    List<Member> members = new ArrayList<>();
    cursor.enter();
    while (cursor.nextName()) {
      int name = cursor.at();
      int nameTo = cursor.skipName();
      int from = cursor.at();
      List<Member> own = List.of();
      if (hasParts && cursor.isObject() && isPart(text, name, nameTo)) {
        own = members(text, cursor, false);
      } else {
        cursor.skipValue();
      }
      members.add(new Member(name, nameTo, from, cursor.at(), own));
    }
    return members;
  }

  private static boolean isPart(byte[] text, int from, int to) {
    return ChangeReader.isPart(
        new String(text, from + 1, to - from - 2, StandardCharsets.ISO_8859_1));
  }

  private void object(List<Member> known) {
    boolean[] met = new boolean[known.size()];
    int expected = 0;
    int start = out.size();
    cursor.enter();
    while (cursor.nextName()) {
      int name = cursor.at();
      int nameTo = cursor.skipName();
      int index = find(known, expected, name, nameTo);
      if (index >= 0) {
        met[index] = true;
        expected = index + 1;
        if (isSame(known.get(index))) {
          cursor.skip(known.get(index).to() - known.get(index).from());
          continue;
        }
      }
      out.write(out.size() == start ? '{' : ',');
      out.write(after, name, nameTo - name);
      out.write(':');
      if (index >= 0 && known.get(index).isPart() && cursor.isObject()) {
        object(known.get(index).members());
      } else {
        int from = cursor.at();
        cursor.skipValue();
        out.write(after, from, cursor.at() - from);
      }
    }
    gone(known, met, start);
    out.writeBytes(out.size() == start ? new byte[] {'{', '}'} : new byte[] {'}'});
  }

  private void gone(List<Member> known, boolean[] met, int start) {
    for (int i = 0; i < met.length; i++) {
      if (!met[i]) {
        Member member = known.get(i);
        out.write(out.size() == start ? '{' : ',');
        out.write(before, member.nameFrom(), member.nameTo() - member.nameFrom());
        out.writeBytes(NULL);
      }
    }
  }

  /** Members mostly stand in the order in which they stood before. */
  private int find(List<Member> known, int expected, int name, int nameTo) {
    for (int i = 0; i < known.size(); i++) {
      int index = (expected + i) % known.size();
      Member member = known.get(index);
      if (Arrays.equals(before, member.nameFrom(), member.nameTo(), after, name, nameTo)) {
        return index;
      }
    }
    return -1;
  }

  /** Whether the value where the cursor stands is what it was. */
  private boolean isSame(Member member) {
    int from = cursor.at();
    int to = from + member.to() - member.from();
    return to < after.length
        && !JsonCursor.isOfWord(after[to])
        && Arrays.equals(after, from, to, before, member.from(), member.to());
  }
}
