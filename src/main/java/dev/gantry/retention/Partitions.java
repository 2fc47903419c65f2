package dev.gantry.retention;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The statements on the partitions of a cut, each within a transaction of the caller's. */
final class Partitions {
  private static final Pattern BOUNDS =
      Pattern.compile("FROM \\((?:MINVALUE|'([0-9a-f-]+)')\\) TO \\('([0-9a-f-]+)'\\)");

  private static final String LOCK = "select pg_try_advisory_xact_lock(7453010377385541634)";

  private static final String ALL =
      """
      select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = $1::regclass and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
      """;

  // What came before its partition was there is moved: two partitions cannot both have it.
  private static final String MAKE =
      """
      create table %1$s (like %2$s including defaults including storage);
      with stray as (
        delete from %2$s_default where %3$s >= '%4$s' and %3$s < '%5$s' returning *)
      insert into %1$s select * from stray;
      alter table %2$s attach partition %1$s for values from ('%4$s') to ('%5$s')
      """;

  private static final String SIZES =
      """
      select root as table, sum(pg_total_relation_size(relid))::bigint as bytes
      from unnest($1::text[]) as root, pg_partition_tree(root::regclass) where isleaf group by root
      union all
      select relname, pg_total_relation_size(oid) from pg_class
      where oid = any(array['outbox', 'outbox_refused', 'audit', 'idempotency_keys']::regclass[])
      """;

  private final SqlConnection connection;
  private final Cut cut;

  Partitions(SqlConnection connection, Cut cut) {
    this.connection = connection;
    this.cut = cut;
  }

  /** Of what the tables are cut into, oldest first. */
  record Partition(String suffix, Period period) {}

  /** Whether no other process is at any of them; for the rest of the transaction. */
  static Uni<Boolean> lock(SqlConnection connection) {
    return connection.query(LOCK).execute().map(rows -> rows.iterator().next().getBoolean(0));
  }

  /** What they hold. */
  String what() {
    return cut.first();
  }

  Uni<List<Partition>> all() {
    return connection
        .preparedQuery(ALL)
        .execute(Tuple.of(cut.first()))
        .map(
            rows -> {
              List<Partition> all = new ArrayList<>();
              rows.forEach(row -> all.add(partition(row)));
              all.sort((a, b) -> a.period().to().compareTo(b.period().to()));
              return all;
            });
  }

  private Partition partition(Row row) {
    Matcher bounds = BOUNDS.matcher(row.getString("bounds"));
    if (!bounds.find()) {
      throw new IllegalStateException(
          "the partition "
              + row.getString("name")
              + " is not cut by time: "
              + row.getString("bounds"));
    }
    Instant from = bounds.group(1) == null ? null : cut.time().apply(bounds.group(1));
    return new Partition(
        row.getString("name").substring(cut.first().length() + 1),
        new Period(from, cut.time().apply(bounds.group(2))));
  }

  Uni<Void> make(Period period) {
    return each(
        table ->
            MAKE.formatted(
                period.partition(table),
                table,
                cut.keys().get(table),
                cut.bound().apply(period.from()),
                cut.bound().apply(period.to())));
  }

  /** Whether something of it is not over, or was not at that time. */
  Uni<Boolean> isWanted(Partition partition, Instant after) {
    if (cut.wanted() == null) {
      return Uni.createFrom().item(false);
    }
    return connection
        .preparedQuery(
            "select exists (select from %s_%s where %s)"
                .formatted(cut.first(), partition.suffix(), cut.wanted()))
        .execute(Tuple.of(after.atOffset(ZoneOffset.UTC)))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /** Drops it with all that it holds, of all tables. */
  Uni<Void> drop(Partition partition) {
    return each(table -> "drop table " + table + "_" + partition.suffix());
  }

  /** Deletes what is of no time that there is or can be. */
  Uni<Void> deleteStrays(Instant before, Instant after) {
    return each(
        table ->
            "delete from %1$s_default where %2$s < '%3$s' or %2$s >= '%4$s'"
                .formatted(
                    table,
                    cut.keys().get(table),
                    cut.bound().apply(before),
                    cut.bound().apply(after)));
  }

  /** How many bytes each table takes, with its indexes. */
  static Uni<Map<String, Long>> sizes(SqlClient client) {
    return client
        .preparedQuery(SIZES)
        .execute(
            Tuple.of(Cut.ALL.stream().flatMap(cut -> cut.tables().stream()).toArray(String[]::new)))
        .map(Partitions::sizes);
  }

  private static Map<String, Long> sizes(RowSet<Row> rows) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    rows.forEach(row -> sizes.put(row.getString(0), row.getLong(1)));
    return sizes;
  }

  private Uni<Void> each(Function<String, String> statements) {
    return Multi.createFrom()
        .iterable(cut.tables())
        .onItem()
        .transformToUniAndConcatenate(table -> connection.query(statements.apply(table)).execute())
        .collect()
        .asList()
        .replaceWithVoid();
  }
}
