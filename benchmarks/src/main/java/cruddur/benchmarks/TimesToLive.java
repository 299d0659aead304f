package cruddur.benchmarks;

/** Two ways to fill a table so that 90 % of its activities have expired. */
enum TimesToLive {
  /**
   * All have a time to live of a week. The oldest is ten weeks old, so the newest tenth is live.
   */
  WEEK("time to live 7 days", "70 days", "0 days", "interval '168 hours'"),

  /**
   * Of ten neighbours, nine had an hour and have expired, and one has 30 days. All are older than
   * an hour.
   */
  MIXED(
      "times to live 1 hour and 30 days",
      "29 days",
      "61 minutes",
      "case when number % 10 = 0 then interval '720 hours' else interval '1 hour' end");

  final String title;

  private final String span;
  private final String youngest;
  private final String timeToLive;

  TimesToLive(String title, String span, String youngest, String timeToLive) {
    this.title = title;
    this.span = span;
    this.youngest = youngest;
    this.timeToLive = timeToLive;
  }

  /**
   * The statement that inserts a part of a table, oldest first, evenly over the span. PostgreSQL's
   * own {@code uuidv7} is quicker than the schema's {@code uuid_v7}.
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
      now() - crud.age + crud.time_to_live
    from (
      select
        number,
        interval '%1$s' + interval '%2$s' * ((%4$d - number) / %4$d.0) as age,
        %3$s as time_to_live
      from generate_series(%5$d, %6$d) as number
    ) as crud
    inner join (
      select uuid, row_number() over (order by uuid) as position from users
    ) as author on author.position = mod(crud.number, 1000) + 1
    order by crud.number
    """
        .formatted(youngest, span, timeToLive, rows, first, last);
  }
}
