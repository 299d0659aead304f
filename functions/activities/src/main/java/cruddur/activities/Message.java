package cruddur.activities;

import cruddur.lambda.Utf8;

/** The rules for the text of an activity. Lengths count Unicode code points. */
final class Message {
  private static final int MAXIMUM_CODE_POINTS = 280;

  private Message() {}

  static boolean isTooLong(String text) {
    return text.codePointCount(0, text.length()) > MAXIMUM_CODE_POINTS;
  }

  /**
   * True if PostgreSQL could not store the text unchanged: it has a U+0000 or half of a surrogate
   * pair.
   */
  static boolean hasInvalidCharacters(String text) {
    return text.indexOf(0) >= 0 || Utf8.encode(text).isEmpty();
  }
}
