package cruddur.ingress;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A workspace's hold on a rule. A rule is there as long as somebody holds it: EC2 has one rule for
 * an address, and workspaces behind one router share it. Holds are kept in the rule's tags, each in
 * tags of its own, so that workspaces never write over each other's.
 *
 * <p>The workspace that the rule was made for has {@code cruddur:workspace}, {@code
 * cruddur:opened-by}, {@code cruddur:opened-at} and {@code cruddur:expires-at}. It keeps the first
 * three when it leaves a shared rule: they mark the rule as ours. A workspace that joined later has
 * the last three with its name behind a slash.
 *
 * @param guest true for a workspace that joined later
 * @param openedAt when the workspace arrived at this address: where it has two, the later counts
 */
record Hold(String workspace, boolean guest, String openedBy, Instant openedAt, Instant expiresAt) {
  private static final String WORKSPACE = "cruddur:workspace";
  private static final String OPENED_BY = "cruddur:opened-by";
  private static final String OPENED_AT = "cruddur:opened-at";
  private static final String EXPIRES_AT = "cruddur:expires-at";
  private static final int LONGEST_VALUE = 256;

  Hold {
    openedBy = openedBy.length() > LONGEST_VALUE ? openedBy.substring(0, LONGEST_VALUE) : openedBy;
  }

  /** True if a rule with these tags is one that this function made. */
  static boolean areIn(Map<String, String> tags) {
    return tags.containsKey(WORKSPACE)
        && tags.containsKey(OPENED_BY)
        && tags.containsKey(OPENED_AT);
  }

  /** The workspace that a rule was made for. */
  static String maker(Map<String, String> tags) {
    return tags.getOrDefault(WORKSPACE, "");
  }

  /** The holds that a rule's tags tell of, the maker's first. */
  static List<Hold> read(Map<String, String> tags) {
    var holds = new ArrayList<Hold>();
    read(tags, maker(tags), false).ifPresent(holds::add);
    var prefix = EXPIRES_AT + "/";
    tags.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .sorted()
        .forEach(key -> read(tags, key.substring(prefix.length()), true).ifPresent(holds::add));
    return holds;
  }

  private static Optional<Hold> read(Map<String, String> tags, String workspace, boolean guest) {
    var suffix = guest ? "/" + workspace : "";
    return Optional.ofNullable(tags.get(EXPIRES_AT + suffix))
        .map(
            expiresAt ->
                new Hold(
                    workspace,
                    guest,
                    tags.getOrDefault(OPENED_BY + suffix, ""),
                    instant(tags.getOrDefault(OPENED_AT + suffix, "")),
                    instant(expiresAt)));
  }

  /** A time that somebody made unreadable has passed: no rule is open for ever. */
  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException _) {
      return Instant.EPOCH;
    }
  }

  boolean isLiveAt(Instant instant) {
    return expiresAt.isAfter(instant);
  }

  /** All that the hold needs. */
  Map<String, String> tags() {
    var tags = new LinkedHashMap<String, String>();
    if (!guest) {
      tags.put(WORKSPACE, workspace);
    }
    tags.put(OPENED_BY + suffix(), openedBy);
    tags.put(OPENED_AT + suffix(), openedAt.toString());
    tags.putAll(expiryTag());
    return tags;
  }

  /** What changes when the hold is renewed. */
  Map<String, String> expiryTag() {
    return Map.of(EXPIRES_AT + suffix(), expiresAt.toString());
  }

  /** What goes when the hold ends. */
  Map<String, String> tagsToRemove() {
    return guest ? tags() : expiryTag();
  }

  private String suffix() {
    return guest ? "/" + workspace : "";
  }
}
