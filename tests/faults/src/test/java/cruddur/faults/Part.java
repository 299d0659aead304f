package cruddur.faults;

/**
 * A part of the system that a fault can own, so that no other fault changes it at the same time.
 */
enum Part {
  /** Whether the network makes new connections. */
  CONNECTING,

  /** Whether the network carries anything. */
  FLOW,

  /** How fast the network is. */
  SPEED,

  /** The replies to statements. */
  REPLIES,

  /** The processes of the database server. */
  PROCESSES,

  /** The files of the database server, which a failover leaves behind. */
  FILES,

  /** The settings of the database server. */
  SETTINGS,

  /** The definitions of the tables, and where they are stored. */
  TABLES,

  /** The connections that the database server has left. */
  CONNECTIONS,

  /** The processes of the functions. */
  ENVIRONMENTS
}
