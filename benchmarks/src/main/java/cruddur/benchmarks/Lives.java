package cruddur.benchmarks;

/** How a table comes to have 90 % of its activities expired. */
enum Lives {
  /** All live for a week, and the table reaches back ten: what has expired lies behind the rest. */
  WEEK("a week's life", interval("70 days"), interval("0 days"), interval("168 hours")),

  /**
   * Nine of ten lived for an hour, which is over, the tenth lives for 30 days: between two that are
   * shown lie nine that are not.
   */
  INTERLEAVED(
      "an hour's life among 30 days'",
      interval("29 days"),
      interval("61 minutes"),
      "case when number % 10 = 0 then interval '720 hours' else interval '1 hour' end");

  final String title;

  private final String span;
  private final String youngest;
  private final String life;

  Lives(String title, String span, String youngest, String life) {
    this.title = title;
    this.span = span;
    this.youngest = youngest;
    this.life = life;
  }

  private static String interval(String text) {
    return "interval '" + text + "'";
  }

  /**
   * Inserts a part of a table, the oldest first, evenly over its time.
   *
   * @param rows of the whole table
   * @param first of the part, from 1
   * @param last of the part
   */
  String insert(long rows, long first, long last) {
    return """
    insert into activities (uuid, user_uuid, message, created_at, expires_at)
    select
      uuidv7(-crud.age),
      author.uuid,
      rpad('crud ', 20 + mod(crud.number, 100), 'and so on '),
      now() - crud.age,
      now() - crud.age + crud.life
    from (
      select
        number,
        %1$s + %2$s * ((%4$d - number) / %4$d.0) as age,
        %3$s as life
      from generate_series(%5$d, %6$d) as number
    ) as crud
    inner join (
      select uuid, row_number() over (order by uuid) as position from users
    ) as author on author.position = mod(crud.number, 1000) + 1
    order by crud.number
    """
        .formatted(youngest, span, life, rows, first, last);
  }
}
