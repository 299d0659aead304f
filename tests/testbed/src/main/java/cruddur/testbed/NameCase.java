package cruddur.testbed;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A user whose names are hard to store or to tell apart, from {@code names.jsonl}.
 *
 * @param userAttributes the user's attributes in Cognito without the sub; without an address, it is
 *     {@link #EMAIL}
 * @param taken a handle of another user
 * @param handle the expected handle; {@code SUFFIX} stands for the suffix of a taken one
 * @param displayName the expected display name
 */
public record NameCase(
    Map<String, String> userAttributes, Optional<String> taken, String handle, String displayName) {
  /** The address of a user whose case names no other. */
  public static final String EMAIL = "kosh@example.com";

  /** All of them. */
  public static List<NameCase> all() {
    return Resource.objects("/names.jsonl").map(NameCase::of).toList();
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
