package cruddur.faults;

import static java.time.Duration.ZERO;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that breaks under the functions, and is whole again when its script returns.
 *
 * @param brief whether it is in the short form of the suite too
 * @param needsRoot whether the script mounts a disk
 */
record Fault(String name, boolean brief, boolean needsRoot, Script script) {
  Fault(String name, boolean brief, Script script) {
    this(name, brief, false, script);
  }

  /** Long enough for calls to run out of their deadlines. */
  private static final Duration WHILE = Duration.ofSeconds(2);

  /** What happens. */
  interface Script {
    void play(Scene scene) throws Exception;
  }

  @Override
  public String toString() {
    return name;
  }

  /** All of them but those that need a scene of their own. */
  static List<Fault> all() {
    return List.of(
        new Fault("connections cut, again and again", true, Fault::cut),
        new Fault("new connections cut too", false, Fault::refuse),
        new Fault("network stalls", false, Fault::stall),
        new Fault("network slow, 60 ms each way", false, Fault::slow),
        new Fault("connections half-open", true, Fault::forget),
        new Fault("connections accepted, nothing said", false, Fault::saySilence),
        new Fault("replies to COMMIT lost, here and there", true, Fault::loseSomeReplies),
        new Fault("every reply to COMMIT lost", true, Fault::loseAllReplies),
        new Fault("sessions ended, again and again", false, Fault::terminate),
        new Fault("backend killed (kill -9)", false, Fault::killBackend),
        new Fault("server restarted", true, Fault::restart),
        new Fault("server stopped at once, started again", false, Fault::stopAtOnce),
        new Fault("server killed (kill -9), crash recovery", false, Fault::kill),
        new Fault("database read-only", false, Fault::readOnly),
        new Fault("no connection to spare", false, Fault::takeAllConnections),
        new Fault("table locked", true, Fault::lock),
        new Fault("disk full", false, true, Fault::fillDisk),
        new Fault("passwords expired", false, Fault::expire),
        new Fault("environments frozen, connections gone", false, Fault::freeze),
        new Fault("failover to a standby", false, Fault::failOver));
  }

  private static void hold() throws InterruptedException {
    Thread.sleep(WHILE);
  }

  private static void repeat(Script once, Scene scene) throws Exception {
    for (var time = 0; time < 10; time++) {
      once.play(scene);
      Thread.sleep(WHILE.dividedBy(10));
    }
  }

  private static void cut(Scene scene) throws Exception {
    repeat(its -> its.proxy().cut(), scene);
  }

  private static void refuse(Scene scene) throws Exception {
    scene.proxy().refuse(true);
    scene.proxy().cut();
    hold();
    scene.proxy().refuse(false);
  }

  static void stall(Scene scene) throws Exception {
    scene.proxy().stall(true);
    hold();
    hold();
    scene.proxy().stall(false);
  }

  private static void slow(Scene scene) throws Exception {
    scene.proxy().slow(Duration.ofMillis(60));
    hold();
    scene.proxy().slow(ZERO);
  }

  private static void forget(Scene scene) {
    scene.proxy().forget();
  }

  private static void saySilence(Scene scene) throws Exception {
    scene.proxy().cut();
    stall(scene);
  }

  private static void loseSomeReplies(Scene scene) throws Exception {
    repeat(its -> its.proxy().loseReplies(3), scene);
  }

  static void loseAllReplies(Scene scene) throws Exception {
    scene.proxy().loseReplies(Integer.MAX_VALUE);
    hold();
    scene.proxy().loseReplies(0);
  }

  static void terminate(Scene scene) throws Exception {
    repeat(its -> its.server().endSessions(), scene);
  }

  private static void killBackend(Scene scene) throws Exception {
    var pid =
        scene
            .server()
            .value("select pid from pg_stat_activity where usename = 'cruddur_activities' limit 1");
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    Thread.sleep(100);
    scene.server().await();
  }

  static void restart(Scene scene) throws Exception {
    scene.server().stop("fast");
    scene.server().start();
  }

  private static void stopAtOnce(Scene scene) throws Exception {
    scene.server().stop("immediate");
    hold();
    scene.server().start();
  }

  private static void kill(Scene scene) throws Exception {
    scene.server().kill();
    hold();
    scene.server().start();
  }

  private static void readOnly(Scene scene) throws Exception {
    scene.server().execute("alter system set default_transaction_read_only = on");
    scene.server().execute("select pg_reload_conf()");
    hold();
    hold();
    scene.server().execute("alter system reset default_transaction_read_only");
    scene.server().execute("select pg_reload_conf()");
  }

  private static void takeAllConnections(Scene scene) throws Exception {
    var taken = new ArrayList<Connection>();
    var end = System.nanoTime() + WHILE.multipliedBy(2).toNanos();
    while (System.nanoTime() < end) {
      try {
        taken.add(scene.server().connect("cruddur_ingress"));
      } catch (SQLException full) {
        scene
            .server()
            .execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where usename in ('cruddur_users', 'cruddur_activities')");
      }
    }
    for (var connection : taken) {
      connection.close();
    }
  }

  private static void lock(Scene scene) throws Exception {
    try (var connection = scene.server().connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table users, activities in access exclusive mode");
      hold();
      connection.rollback();
    }
  }

  private static void fillDisk(Scene scene) throws Exception {
    var disk = Files.createTempDirectory("cruddur-disk");
    scene.run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
    try {
      fillDisk(scene.server(), disk);
    } finally {
      scene.run("umount", "--lazy", disk.toString());
    }
  }

  private static void fillDisk(Server server, Path disk) throws Exception {
    server.execute("create tablespace small location '" + disk + "'");
    server.execute("alter table activities set tablespace small");
    server.execute("create table filler (x text) tablespace small");
    server.execute("alter table filler alter x set storage plain");
    try {
      // The pages stay taken when the statement fails.
      server.execute("insert into filler select repeat('x', 7900) from generate_series(1, 10000)");
      throw new IOException("the disk is not full");
    } catch (SQLException full) {
      hold();
    }
    server.execute("drop table filler");
    server.execute("alter table activities set tablespace pg_default");
    server.execute("drop tablespace small");
  }

  private static void expire(Scene scene) throws Exception {
    var server = scene.server();
    var rules = server.data().resolve("pg_hba.conf");
    var before = Files.readString(rules);
    Files.writeString(
        rules, "host all cruddur_users,cruddur_activities 127.0.0.1/32 scram-sha-256\n" + before);
    for (var role : List.of("cruddur_users", "cruddur_activities")) {
      server.execute("alter role " + role + " password 'local' valid until '2026-01-01'");
    }
    server.execute("select pg_reload_conf()");
    server.endSessions();
    hold();
    for (var role : List.of("cruddur_users", "cruddur_activities")) {
      server.execute("alter role " + role + " valid until 'infinity'");
    }
    Files.writeString(rules, before);
  }

  private static void freeze(Scene scene) throws Exception {
    var processes = scene.processes().stream().map(Object::toString).toArray(String[]::new);
    scene.run("kill", "-STOP", processes);
    scene.proxy().forget();
    hold();
    scene.run("kill", "-CONT", processes);
  }

  /** The name leads to the standby before that is the primary. */
  private static void failOver(Scene scene) throws Exception {
    var primary = scene.server();
    var standby = primary.standby(scene.folder("standby"));
    primary.stop("immediate");
    scene.moveTo(standby);
    hold();
    standby.promote();
  }
}
