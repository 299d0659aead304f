package cruddur.faults;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A client that calls the functions repeatedly. */
interface Client {
  /** Calls once; true if the call was served. */
  boolean call();

  /**
   * Posts. A post that was not served is repeated with its key, as the page does. Every fourth has
   * no key, and is not repeated.
   *
   * @param keys if false, no post has a key, and each is repeated, which is wrong
   */
  static Client poster(Calls calls, boolean keys) {
    return new Client() {
      private final PoolUser andrew = PoolUser.andrew(calls);
      private int posts;
      private @Nullable String message;
      private @Nullable String key;

      @Override
      public boolean call() {
        if (message == null) {
          message = calls.ledger().message();
          key = keys && ++posts % 4 != 0 ? UUID.randomUUID().toString() : null;
        }
        if (Calls.isOk(andrew.post(message, key, false))) {
          message = null;
          return true;
        }
        if (key == null && keys) {
          message = null;
        }
        return false;
      }
    };
  }

  static Client reader(Calls calls) {
    return () ->
        Calls.isOk(calls.call(FaultFixture.FEED, Calls.sample("home-activities"), Calls::isOk));
  }

  /**
   * Signs up one user after another. If the trigger failed, the user signs in and posts, until the
   * post finds a row. For every fourth user, the trigger is called twice.
   */
  static Client newcomers(Calls calls) {
    return new Client() {
      private int signUps;
      private @Nullable PoolUser withoutRow;
      private boolean signedIn;
      private String message = "";
      private String key = "";

      @Override
      public boolean call() {
        var user = withoutRow;
        if (user == null) {
          return signUp(PoolUser.unknown(calls));
        }
        if (!signedIn) {
          signedIn = user.signIn();
          return false;
        }
        var response = user.post(message, key, true);
        if (Calls.isOk(response)) {
          withoutRow = null;
          return true;
        }
        signedIn = !PoolUser.lacksRow(response);
        return false;
      }

      private boolean signUp(PoolUser user) {
        var saved = user.confirm();
        if (++signUps % 4 == 0) {
          saved |= user.confirm();
        }
        if (!saved) {
          withoutRow = user;
          signedIn = false;
          message = calls.ledger().message();
          key = UUID.randomUUID().toString();
        }
        return saved;
      }
    };
  }
}
