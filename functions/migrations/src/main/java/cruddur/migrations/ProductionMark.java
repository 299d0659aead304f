package cruddur.migrations;

/**
 * The mark of a production database, its own comment: {@code bin/lib/database.sh} reads it, and the
 * scripts ask before they destroy anything.
 */
final class ProductionMark {
  /** Marks the database that it runs in. */
  static final String MARK =
      """
      do $$
      begin
        if shobj_description((select oid from pg_database where datname = current_database()), 'pg_database')
            is distinct from 'production: the scripts ask before they destroy anything' then
          execute format(
            'comment on database %I is %L',
            current_database(),
            'production: the scripts ask before they destroy anything'
          );
        end if;
      end
      $$
      """;

  private ProductionMark() {}
}
