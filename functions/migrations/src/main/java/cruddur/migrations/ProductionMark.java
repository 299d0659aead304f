package cruddur.migrations;

/**
 * The mark of a production database: the comment on the database. {@code bin/lib/database.sh} reads
 * it, and the scripts ask before they destroy anything.
 */
final class ProductionMark {
  static final String TEXT = "production: the scripts ask before they destroy anything";

  /** The statement that marks the current database. */
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
