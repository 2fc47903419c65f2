package dev.gantry.http.limits;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * The windows in the database, whose clock decides when they end. Event loop, never blocks; fails
 * with what the database says.
 */
final class Leases {
  // A share of what is left: large at first, one by one at the end, so that little lies unused with
  // one process when another has to refuse.
  private static final String TAKE =
      """
      insert into rate_limits as l (subject, taken, granted, resets_at)
      values ($1, $2, $2, now() + $4 * interval '1 millisecond')
      on conflict (subject) do update set (taken, granted, resets_at) = (
        select taken + share, share, resets_at from (
          select taken, resets_at,
            greatest(0, least($2, ($3 - taken + $5 - 1) / $5)) as share
          from (
            select case when l.resets_at > now() then l.taken else 0 end as taken,
              case when l.resets_at > now() then l.resets_at else excluded.resets_at end
                as resets_at) current) shared)
      returning granted, greatest(0, $3 - taken) as beyond, resets_at,
        (extract(epoch from resets_at - now()) * 1000000)::bigint as micros
      """;

  // Locked in one order, so that two processes that give back do not wait for each other.
  private static final String GIVE_BACK =
      """
      with back as (
        select * from unnest($1::text[], $2::int[], $3::timestamptz[])
          as b(subject, unused, resets_at)),
      locked as (
        select l.subject from rate_limits l join back b using (subject, resets_at)
        order by l.subject for update of l)
      update rate_limits l set taken = l.taken - b.unused
      from back b join locked using (subject)
      where l.subject = b.subject and l.resets_at = b.resets_at
      """;

  private static final String FORGET =
      """
      delete from rate_limits where subject in (
        select subject from rate_limits where resets_at < now()
        order by resets_at limit 1000 for update skip locked)
      """;

  private final Pool pool;

  Leases(Pool pool) {
    this.pool = pool;
  }

  Uni<Lease> take(Subject subject, int wanted) {
    return pool.preparedQuery(TAKE)
        .execute(
            Tuple.of(
                subject.id(),
                wanted,
                subject.requests(),
                subject.window().toMillis(),
                Subject.SHARES))
        .map(rows -> lease(rows.iterator().next()));
  }

  private static Lease lease(Row row) {
    return new Lease(
        row.getInteger("granted"),
        row.getInteger("beyond"),
        row.getOffsetDateTime("resets_at"),
        System.nanoTime() + row.getLong("micros") * 1000);
  }

  Uni<Void> giveBack(List<GivenBack> all) {
    return pool.preparedQuery(GIVE_BACK)
        .execute(
            Tuple.of(
                all.stream().map(GivenBack::subject).toArray(String[]::new),
                all.stream().map(GivenBack::unused).toArray(Integer[]::new),
                all.stream().map(GivenBack::resetsAt).toArray(OffsetDateTime[]::new)))
        .replaceWithVoid();
  }

  /** Removes windows that are over, a batch at a time; answers how many. */
  Uni<Integer> forget() {
    return pool.query(FORGET).execute().map(rows -> rows.rowCount());
  }
}
