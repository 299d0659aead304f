package cruddur.migrations;

/**
 * The mark of a production database, its own comment: {@code bin/lib/database.sh} reads it, and the
 * scripts ask before they destroy anything.
 */
final class ProductionMark {
  static final String TEXT = "production: the scripts ask before they destroy anything";

  /** Marks the database that it runs in. */
  static final String MARK =
      """
      do $$
      begin
        execute format('comment on database %I is %L', current_database(), '{text}');
      end
      $$
      """
          .replace("{text}", TEXT);

  private ProductionMark() {}
}
