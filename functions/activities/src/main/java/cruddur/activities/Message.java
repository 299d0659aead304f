package cruddur.activities;

import cruddur.lambda.Utf8;

/** What the text of an activity must be: lengths count Unicode code points. */
final class Message {
  private static final int LONGEST = 280;

  private Message() {}

  static boolean isTooLong(String text) {
    return text.codePointCount(0, text.length()) > LONGEST;
  }

  /**
   * True if PostgreSQL could not store it as it is: it has a U+0000 or half of a surrogate pair.
   */
  static boolean hasInvalidCharacters(String text) {
    return text.indexOf(0) >= 0 || Utf8.encode(text).isEmpty();
  }
}
