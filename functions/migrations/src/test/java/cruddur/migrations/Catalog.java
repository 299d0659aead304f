package cruddur.migrations;

import java.util.List;

/** Everything that the catalogs say of a database's tables, functions, roles and rights. */
final class Catalog {
  private static final String OURS = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

  private static final String NOT_HISTORY = "c.relname !~ '^flyway_schema_history'";

  private static final String[] QUERIES = {
    "select 'schema', n.nspname, n.nspowner::regrole, n.nspacl, obj_description(n.oid)"
        + " from pg_namespace n where "
        + OURS,
    "select 'relation', n.nspname, c.relname, c.relkind, c.relpersistence,"
        + " c.relowner::regrole, c.relacl, c.reloptions, c.relreplident, c.relrowsecurity,"
        + " c.relforcerowsecurity, c.reltablespace, obj_description(c.oid)"
        + " from pg_class c join pg_namespace n on n.oid = c.relnamespace where "
        + OURS
        + " and "
        + NOT_HISTORY,
    "select 'column', c.oid::regclass, a.attnum, a.attname, format_type(a.atttypid,"
        + " a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity,"
        + " a.attgenerated, a.attcollation, a.attstorage, a.attcompression, a.attacl,"
        + " a.attoptions, col_description(c.oid, a.attnum)"
        + " from pg_attribute a join pg_class c on c.oid = a.attrelid"
        + " join pg_namespace n on n.oid = c.relnamespace"
        + " left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum"
        + " where a.attnum > 0 and "
        + OURS
        + " and "
        + NOT_HISTORY,
    "select 'constraint', c.oid::regclass, k.conname, k.contype, pg_get_constraintdef(k.oid),"
        + " k.convalidated, k.condeferrable, k.condeferred, k.conindid::regclass,"
        + " obj_description(k.oid)"
        + " from pg_constraint k join pg_class c on c.oid = k.conrelid"
        + " join pg_namespace n on n.oid = c.relnamespace where "
        + OURS
        + " and "
        + NOT_HISTORY,
    "select 'index', pg_get_indexdef(i.indexrelid), i.indisunique, i.indisprimary,"
        + " i.indisvalid, i.indisready, i.indislive, i.indimmediate, i.indisclustered,"
        + " i.indisreplident, i.indnullsnotdistinct"
        + " from pg_index i join pg_class c on c.oid = i.indrelid"
        + " join pg_namespace n on n.oid = c.relnamespace where "
        + OURS
        + " and "
        + NOT_HISTORY,
    "select 'function', pg_get_functiondef(p.oid), p.proowner::regrole, p.proacl,"
        + " obj_description(p.oid)"
        + " from pg_proc p join pg_namespace n on n.oid = p.pronamespace where "
        + OURS,
    "select 'trigger', pg_get_triggerdef(t.oid), t.tgenabled, obj_description(t.oid)"
        + " from pg_trigger t where not t.tgisinternal",
    "select 'type', n.nspname, t.typname, t.typtype, t.typacl"
        + " from pg_type t join pg_namespace n on n.oid = t.typnamespace"
        + " where t.typtype <> 'c' and t.typcategory <> 'A' and "
        + OURS,
    "select 'policy', polrelid::regclass, polname, polcmd from pg_policy",
    "select 'statistics', pg_get_statisticsobjdef(oid) from pg_statistic_ext",
    "select 'extension', extname, extversion from pg_extension",
    "select 'event trigger', evtname from pg_event_trigger",
    "select 'publication', pubname from pg_publication",
    "select 'default rights', defaclrole::regrole, defaclobjtype, defaclacl"
        + " from pg_default_acl",
    "select 'database rights', datdba::regrole, datacl from pg_database"
        + " where datname = current_database()",
    "select 'database setting', setrole::regrole, setconfig from pg_db_role_setting"
        + " where setdatabase = (select oid from pg_database where datname ="
        + " current_database())",
    "select 'role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,"
        + " rolreplication, rolbypassrls, rolconnlimit, rolconfig from pg_roles"
        + " where rolname like 'cruddur%'",
    "select 'member', member::regrole, roleid::regrole, grantor::regrole, admin_option,"
        + " inherit_option, set_option from pg_auth_members"
        + " where member::regrole::text like 'cruddur%' or roleid::regrole::text like"
        + " 'cruddur%'"
  };

  private Catalog() {}

  /** A line for each thing, sorted; the tables of Flyway are left out. */
  static List<String> of(TestDatabase database) {
    return database.rows(QUERIES).stream().sorted().toList();
  }
}
