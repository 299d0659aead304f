package cruddur.ingress;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A rule of the security group: one address that may reach the database. EC2 has one rule for an
 * address. Workspaces behind one router have the same address, so each lease is a tag of its rule.
 *
 * @param id EC2's, {@code sgr-...}
 * @param address without {@code /32}; a rule that is not ours may have a block
 */
record Rule(String id, String address, boolean isOurs, List<Lease> leases) {
  /** The tag of our rules, also of an older version. Its value is the caller who made the rule. */
  static final String OPENED_BY = "cruddur:opened-by";

  /** The expiry if its text is invalid. It has passed, so that the rule is closed. */
  static final Instant UNREADABLE = Instant.EPOCH;

  /** Reads a rule's tags. A rule of ours without a lease has expired. */
  static Rule of(String id, String address, Map<String, String> tags) {
    var leases =
        tags.keySet().stream()
            .filter(key -> key.startsWith(Lease.TAG))
            .sorted()
            .map(key -> Lease.parse(key, tags.getOrDefault(key, "")))
            .toList();
    var caller = tags.get(OPENED_BY);
    return caller == null
        ? new Rule(id, address, false, List.of())
        : new Rule(
            id,
            address,
            true,
            leases.isEmpty()
                ? List.of(new Lease(Lease.TAG, "", "", "", caller, UNREADABLE))
                : leases);
  }

  /** True if the rule has a live lease that is not one of these. */
  boolean hasOtherLease(List<Lease> excluded, Instant now) {
    return leases.stream().anyMatch(lease -> lease.isLiveAt(now) && !excluded.contains(lease));
  }

  /**
   * A workspace's right to reach the database from the rule's address until a time. It is a tag of
   * its own, {@code cruddur:lease:WORKSPACE:DIGEST} with the value {@code EXPIRY OWNER OPENED-BY}.
   * The digest is the owner's.
   *
   * @param tag the tag's key
   * @param value the tag's text
   * @param openedBy the caller that wrote it
   */
  record Lease(
      String tag,
      String value,
      String owner,
      String workspace,
      String openedBy,
      Instant expiresAt) {
    private static final String TAG = "cruddur:lease:";

    /** Amazon EC2 User Guide, "Tag restrictions". */
    private static final int LONGEST_VALUE = 256;

    static Lease of(Caller caller, String workspace, Instant expiresAt) {
      var digest = UUID.nameUUIDFromBytes(caller.owner().getBytes(StandardCharsets.UTF_8));
      var value = expiresAt + " " + caller.owner() + " " + caller.name();
      return parse(TAG + workspace + ":" + digest, fit(value));
    }

    /** Cuts a value to the length of a tag. Its end, the caller, is only for the audit. */
    static String fit(String value) {
      return value.substring(0, Math.min(value.length(), LONGEST_VALUE));
    }

    private static Lease parse(String key, String value) {
      var parts = (value + "  ").split(" ", 4);
      var name = key.substring(TAG.length()).replaceFirst(":[^:]*$", "");
      return new Lease(key, value, parts[1], name, parts[2], instant(parts[0]));
    }

    private static Instant instant(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException _) {
        return UNREADABLE;
      }
    }

    boolean isLiveAt(Instant now) {
      return expiresAt.isAfter(now);
    }

    boolean isOf(String itsOwner, String itsWorkspace) {
      return owner.equals(itsOwner) && workspace.equals(itsWorkspace);
    }
  }
}
