package cruddur.faults;

import static cruddur.faults.Part.CONNECTING;
import static cruddur.faults.Part.CONNECTIONS;
import static cruddur.faults.Part.ENVIRONMENTS;
import static cruddur.faults.Part.FILES;
import static cruddur.faults.Part.FLOW;
import static cruddur.faults.Part.PROCESSES;
import static cruddur.faults.Part.REPLIES;
import static cruddur.faults.Part.SETTINGS;
import static cruddur.faults.Part.SPEED;
import static cruddur.faults.Part.TABLES;
import static java.time.Duration.ZERO;
import static java.util.Collections.disjoint;

import cruddur.postgres.Proxy;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A fault under the functions. Its script breaks something and repairs it.
 *
 * @param brief whether the short form of the suite has it
 * @param needsRoot whether the script mounts a disk
 * @param length how long it lasts in the suite; zero for a momentary fault
 * @param owns parts that no fault at the same time may own or use
 * @param uses parts that no fault at the same time may own
 */
record Fault(
    String name,
    boolean brief,
    boolean needsRoot,
    Duration length,
    Set<Part> owns,
    Set<Part> uses,
    Script script) {
  /** Longer than a call waits for one reply on an open connection. */
  private static final Duration WHILE = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(200);

  interface Script {
    /** Breaks something, and repairs it after a time. */
    void play(FaultFixture fixture, Duration length) throws Exception;
  }

  private interface Step {
    void take() throws Exception;
  }

  Fault(String name, boolean brief, Script script) {
    this(name, brief, false, WHILE, Set.of(), Set.of(), script);
  }

  private Fault lasting(Duration other) {
    return new Fault(name, brief, needsRoot, other, owns, uses, script);
  }

  private Fault needingRoot() {
    return new Fault(name, brief, true, length, owns, uses, script);
  }

  /** The same fault, which owns these parts. */
  Fault owning(Part... parts) {
    return new Fault(name, brief, needsRoot, length, Set.of(parts), uses, script);
  }

  private Fault using(Part... parts) {
    return new Fault(name, brief, needsRoot, length, owns, Set.of(parts), script);
  }

  /** Whether the two faults may not be at the same time. */
  boolean excludes(Fault other) {
    return equals(other)
        || !disjoint(owns, other.owns)
        || !disjoint(owns, other.uses)
        || !disjoint(uses, other.owns);
  }

  @Override
  public String toString() {
    return name;
  }

  /** All faults, without those that need a fixture of their own. */
  static List<Fault> all() {
    var twice = WHILE.multipliedBy(2);
    return List.of(
        new Fault("connections cut, again and again", true, Fault::cut),
        new Fault("new connections cut too", false, Fault::refuse).owning(CONNECTING),
        new Fault("network stalls", false, Fault::stall).lasting(twice).owning(FLOW),
        new Fault("network slow, 60 ms each way", false, Fault::slow).owning(SPEED),
        new Fault("connections half-open", true, (its, _) -> its.network(Proxy::forget))
            .lasting(ZERO),
        new Fault("connections accepted, nothing said", false, Fault::acceptSilently)
            .lasting(twice)
            .owning(FLOW),
        new Fault("replies to COMMIT lost, here and there", true, Fault::loseSomeReplies)
            .owning(REPLIES),
        new Fault("every reply to COMMIT lost", true, Fault::loseAllReplies).owning(REPLIES),
        // A session that ends while it waits for the standby has committed on the primary alone. A
        // failover would lose its commit.
        new Fault("sessions ended, again and again", false, Fault::terminate).using(PROCESSES),
        new Fault("backend killed (kill -9)", false, (its, _) -> killBackend(its))
            .lasting(ZERO)
            .owning(PROCESSES),
        new Fault("server restarted", true, (its, _) -> restart(its))
            .lasting(ZERO)
            .owning(PROCESSES),
        new Fault("server stopped at once, started again", false, Fault::stopAtOnce)
            .owning(PROCESSES),
        new Fault("server killed (kill -9), crash recovery", false, Fault::kill).owning(PROCESSES),
        new Fault("database read-only", false, Fault::readOnly).lasting(twice).owning(SETTINGS),
        new Fault("no connection to spare", false, Fault::takeAllConnections)
            .lasting(twice)
            .owning(CONNECTIONS)
            .using(PROCESSES),
        new Fault("table locked", true, Fault::lock),
        new Fault("disk full", false, Fault::fillDisk)
            .needingRoot()
            .owning(TABLES)
            .using(PROCESSES, FILES),
        new Fault("passwords expired", false, Fault::expire).using(FILES),
        new Fault("environments frozen, connections gone", false, Fault::freeze)
            .owning(ENVIRONMENTS),
        new Fault("failover to a standby", false, Fault::failOver).owning(PROCESSES, FILES));
  }

  /** The sweep finds more than one batch of expired activities. */
  static Fault sweep() {
    return new Fault("sweep down for a day, then up", false, (its, _) -> sweep(its));
  }

  private static void repeat(Step step, Duration length) throws Exception {
    var end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      step.take();
      Thread.sleep(PAUSE);
    }
  }

  private static void cut(FaultFixture fixture, Duration length) throws Exception {
    repeat(() -> fixture.network(Proxy::cut), length);
  }

  private static void refuse(FaultFixture fixture, Duration length) throws Exception {
    fixture.network(its -> its.refuse(true));
    fixture.network(Proxy::cut);
    Thread.sleep(length);
    fixture.network(its -> its.refuse(false));
  }

  static void stall(FaultFixture fixture, Duration length) throws Exception {
    fixture.network(its -> its.stall(true));
    Thread.sleep(length);
    fixture.network(its -> its.stall(false));
  }

  private static void slow(FaultFixture fixture, Duration length) throws Exception {
    fixture.network(its -> its.slow(Duration.ofMillis(60)));
    Thread.sleep(length);
    fixture.network(its -> its.slow(ZERO));
  }

  private static void acceptSilently(FaultFixture fixture, Duration length) throws Exception {
    fixture.network(Proxy::cut);
    stall(fixture, length);
  }

  private static void loseSomeReplies(FaultFixture fixture, Duration length) throws Exception {
    repeat(() -> fixture.network(its -> its.loseReplies(3)), length);
  }

  static void loseAllReplies(FaultFixture fixture, Duration length) throws Exception {
    fixture.network(its -> its.loseReplies(Integer.MAX_VALUE));
    Thread.sleep(length);
    fixture.network(its -> its.loseReplies(0));
  }

  static void terminate(FaultFixture fixture, Duration length) throws Exception {
    repeat(fixture::endSessions, length);
  }

  /** Kills a session of the functions, or its own if there is none. */
  private static void killBackend(FaultFixture fixture) throws Exception {
    var pid =
        fixture
            .server()
            .value(
                "select coalesce((select pid from pg_stat_activity"
                    + " where usename = 'cruddur_activities' limit 1), pg_backend_pid())");
    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    Thread.sleep(100);
    fixture.server().await();
  }

  static void restart(FaultFixture fixture) throws Exception {
    fixture.server().stop("fast");
    fixture.server().start();
  }

  private static void stopAtOnce(FaultFixture fixture, Duration length) throws Exception {
    fixture.server().stop("immediate");
    Thread.sleep(length);
    fixture.server().start();
  }

  private static void kill(FaultFixture fixture, Duration length) throws Exception {
    fixture.server().kill();
    Thread.sleep(length);
    fixture.server().start();
  }

  private static void readOnly(FaultFixture fixture, Duration length) throws Exception {
    fixture.execute("alter system set default_transaction_read_only = on");
    fixture.execute("select pg_reload_conf()");
    Thread.sleep(length);
    fixture.execute("alter system reset default_transaction_read_only");
    fixture.execute("select pg_reload_conf()");
  }

  private static void takeAllConnections(FaultFixture fixture, Duration length) throws Exception {
    var taken = new ArrayList<Connection>();
    var end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      try {
        taken.add(fixture.server().connect("cruddur", "cruddur_ingress"));
      } catch (SQLException _) {
        fixture.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where usename in ('cruddur_users', 'cruddur_activities', 'cruddur_feed')");
      }
    }
    for (var connection : taken) {
      connection.close();
    }
  }

  /** Locks the tables. If the server or a deadlock ends the lock, it is taken again. */
  private static void lock(FaultFixture fixture, Duration length) throws Exception {
    var end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      try (var connection = fixture.server().connect();
          var statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("lock table users, activities in access exclusive mode");
        Thread.sleep(Duration.ofNanos(Math.max(end - System.nanoTime(), 0)));
        connection.rollback();
      } catch (SQLException _) {
        Thread.sleep(20);
      }
    }
  }

  private static void fillDisk(FaultFixture fixture, Duration length) throws Exception {
    var server = fixture.server();
    // The tablespace is in the server's folder. Elsewhere, a standby on this machine would write to
    // the same disk.
    server.execute("set allow_in_place_tablespaces = on", "create tablespace small location ''");
    var disk = server.tablespace("small").toString();
    var kibibytes = server.value("select pg_table_size('activities') / 1024 + 8192");
    fixture.run("mount", "-t", "tmpfs", "-o", "size=" + kibibytes + "k", "tmpfs", disk);
    try {
      fillDisk(server, length);
    } finally {
      fixture.run("umount", "--lazy", disk);
    }
    server.execute("drop tablespace small");
  }

  private static void fillDisk(Server server, Duration length) throws Exception {
    server.execute("alter table activities set tablespace small");
    server.execute("create table filler (x text) tablespace small");
    server.execute("alter table filler alter x set storage plain");
    try {
      // The pages stay allocated when the statement fails.
      server.execute("insert into filler select repeat('x', 7900) from generate_series(1, 10000)");
      throw new IOException("the disk is not full");
    } catch (SQLException _) {
      Thread.sleep(length);
    }
    server.execute("drop table filler");
    server.execute("alter table activities set tablespace pg_default");
    // A later checkpoint would miss the files on the disk, and end the server.
    server.execute("checkpoint");
  }

  private static void expire(FaultFixture fixture, Duration length) throws Exception {
    var before = Files.readString(fixture.server().rules());
    for (var server : fixture.servers()) {
      Files.writeString(
          server.rules(),
          "host all cruddur_users,cruddur_activities,cruddur_feed 127.0.0.1/32 scram-sha-256\n"
              + before);
    }
    for (var role : List.of("cruddur_users", "cruddur_activities", "cruddur_feed")) {
      fixture.execute("alter role " + role + " password 'local' valid until '2026-01-01'");
    }
    for (var server : fixture.servers()) {
      FaultFixture.execute(server, "select pg_reload_conf()");
    }
    fixture.endSessions();
    Thread.sleep(length);
    for (var role : List.of("cruddur_users", "cruddur_activities", "cruddur_feed")) {
      fixture.execute("alter role " + role + " valid until 'infinity'");
    }
    for (var server : fixture.servers()) {
      Files.writeString(server.rules(), before);
      FaultFixture.execute(server, "select pg_reload_conf()");
    }
  }

  private static void freeze(FaultFixture fixture, Duration length) throws Exception {
    var processes = fixture.processes();
    fixture.signal("-STOP", processes);
    fixture.network(Proxy::forget);
    Thread.sleep(length);
    fixture.signal("-CONT", processes);
  }

  /**
   * Calls reach the standby before its promotion. The feed's standby is made again, since it may
   * have more than the new primary.
   */
  private static void failOver(FaultFixture fixture, Duration length) throws Exception {
    var primary = fixture.server();
    var standby = primary.synchronousStandby(fixture.folder("standby"));
    primary.discard();
    fixture.moveTo(standby);
    Thread.sleep(length);
    standby.promote();
    fixture.renewFeedStandby();
  }

  /** The rows have past times, and the clock stays: they expired one to two days ago. */
  private static void sweep(FaultFixture fixture) throws Exception {
    fixture.execute(
        "insert into activities (uuid, user_uuid, message, created_at, expires_at) select"
            + " uuid_v7(at - interval '1 hour'), users.uuid, 'swept', at - interval '1 hour', at"
            + " from (select now() - interval '1 day' - n * interval '28 seconds' as at from"
            + " generate_series(1, 3000) as n) as moment, users where users.handle = 'bayko'");
    fixture.sweep();
  }
}
