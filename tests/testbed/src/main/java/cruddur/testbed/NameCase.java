package cruddur.testbed;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A user whose names are hard to store or to tell apart, from {@code names.jsonl}.
 *
 * @param userAttributes what Cognito has of the user, without the sub; {@link #EMAIL} is the
 *     address where they have none
 * @param taken a handle that another user has already
 * @param handle that the user must get; ends with {@code SUFFIX} for the suffix of a taken handle
 * @param displayName that the user must get
 */
public record NameCase(
    Map<String, String> userAttributes, Optional<String> taken, String handle, String displayName) {
  /** The address of a user whose case names no other. */
  public static final String EMAIL = "kosh@example.com";

  /** All of them. */
  public static List<NameCase> all() {
    return JsonLines.of("/names.jsonl").map(NameCase::of).toList();
  }

  private static NameCase of(Map<String, @Nullable Object> members) {
    var userAttributes = new TreeMap<String, String>();
    if (members.get("userAttributes") instanceof Map<?, ?> given) {
      given.forEach((name, value) -> userAttributes.put((String) name, String.valueOf(value)));
    }
    return new NameCase(
        userAttributes,
        Optional.ofNullable(members.get("taken")).map(String::valueOf),
        String.valueOf(members.get("handle")),
        String.valueOf(members.get("displayName")));
  }
}
