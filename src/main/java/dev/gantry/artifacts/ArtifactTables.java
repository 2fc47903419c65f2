package dev.gantry.artifacts;

import dev.gantry.executions.StepOrigins.Origin;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The statements on artifacts. Event loop, on any context; never blocks. */
@ApplicationScoped
class ArtifactTables {
  private static final String ANNOUNCE =
      """
      insert into artifacts
        (execution_id, step, attempt, path, size, sha256, executable, store_key)
      select $1, $2, $3, $4, $5::bigint, $6, $9, case when $5::bigint + coalesce((
          select sum(size) from artifacts where execution_id = $1 and store_key is null
            and (step, attempt, path) <> ($2, $3, $4)), 0) > $8::bigint then $7 end
      on conflict (execution_id, step, attempt, path) do update
      set size = excluded.size, sha256 = excluded.sha256, executable = excluded.executable,
        store_key = excluded.store_key,
        kept_at = case when (artifacts.size, artifacts.sha256) = (excluded.size, excluded.sha256)
          and artifacts.store_key is not distinct from excluded.store_key then artifacts.kept_at end
      returning store_key, kept_at is not null as kept
      """;

  private static final String FORGET =
      "delete from artifacts where execution_id = $1 and step = $2 and attempt = $3 and path = $4";

  private static final String CLEAR =
      """
      delete from artifact_pieces
      where execution_id = $1 and step = $2 and attempt = $3 and path = $4
      """;

  private static final String PUT =
      """
      insert into artifact_pieces (execution_id, step, attempt, path, number, bytes)
      select $1, $2, $3, $4, $5, $6 where exists (select from artifacts
        where execution_id = $1 and step = $2 and attempt = $3 and path = $4
          and store_key is null and kept_at is null)
      on conflict (execution_id, step, attempt, path, number) do update set bytes = excluded.bytes
      """;

  private static final String ANNOUNCED =
      """
      select size, sha256, store_key, coalesce((select sum(length(bytes)) from artifact_pieces p
          where p.execution_id = $1 and p.step = $2 and p.attempt = $3 and p.path = $4), 0) as there
      from artifacts where execution_id = $1 and step = $2 and attempt = $3 and path = $4
      """;

  private static final String KEEP =
      """
      update artifacts set kept_at = coalesce(kept_at, now())
      where execution_id = $1 and step = $2 and attempt = $3 and path = $4
      """;

  // Of each step its last attempt that kept something.
  private static final String KEPT =
      """
      from unnest($1::uuid[], $2::int[], $3::text[]) with ordinality
          as origin (execution_id, step, name, place)
      join artifacts a on a.execution_id = origin.execution_id and a.step = origin.step
      where a.kept_at is not null
        and a.attempt = (select max(attempt) from artifacts l
          where l.execution_id = a.execution_id and l.step = a.step and l.kept_at is not null)
        and ($4::text is null or a.path = $4)
      """;

  private static final String LIST =
      """
      select a.*, origin.name
      """
          + KEPT
          + "order by origin.place, a.path limit $5 offset $6";

  private static final String COUNT = "select count(*) " + KEPT;

  private static final String PIECE =
      """
      select bytes from artifact_pieces
      where execution_id = $1 and step = $2 and attempt = $3 and path = $4 and number = $5
      """;

  private static final String STORED =
      """
      select store_key from artifacts
      where execution_id >= $1 and execution_id < $2 and store_key is not null
      """;

  private final Pool pool;

  ArtifactTables(Pool pool) {
    this.pool = pool;
  }

  /**
   * @param storeKey null = the pieces go into the database
   * @param kept the very same is there already
   */
  record Announced(String storeKey, boolean kept) {}

  /**
   * @param there how many bytes of it are in the database
   */
  record Arrived(long size, String storeKey, long there) {}

  /** Makes ready for the content; what another content has left is removed. */
  Uni<Announced> announce(ArtifactId id, ArtifactUpload upload, long databaseLimit) {
    Tuple values =
        key(id)
            .addLong(upload.size())
            .addBuffer(Buffer.buffer(HexFormat.of().parseHex(upload.sha256())))
            .addString(id.storeKey())
            .addLong(databaseLimit)
            .addBoolean(upload.isExecutable());
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(ANNOUNCE)
                .execute(values)
                .map(rows -> announced(rows.iterator().next()))
                .call(
                    announced ->
                        announced.kept()
                            ? Uni.createFrom().voidItem()
                            : connection.preparedQuery(CLEAR).execute(key(id))));
  }

  private static Announced announced(Row row) {
    return new Announced(row.getString("store_key"), row.getBoolean("kept"));
  }

  Uni<Void> forget(ArtifactId id) {
    return pool.preparedQuery(FORGET).execute(key(id)).replaceWithVoid();
  }

  /** False when no piece of it is expected. */
  Uni<Boolean> put(ArtifactId id, int number, byte[] bytes) {
    return pool.preparedQuery(PUT)
        .execute(key(id).addInteger(number).addBuffer(Buffer.buffer(bytes)))
        .map(rows -> rows.rowCount() == 1);
  }

  Uni<Optional<Arrived>> arrived(ArtifactId id) {
    return pool.preparedQuery(ANNOUNCED)
        .execute(key(id))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(arrived(rows.iterator().next())));
  }

  private static Arrived arrived(Row row) {
    return new Arrived(row.getLong("size"), row.getString("store_key"), row.getLong("there"));
  }

  /** It is whole: it counts from now on. */
  Uni<Void> keep(ArtifactId id) {
    return pool.preparedQuery(KEEP).execute(key(id)).replaceWithVoid();
  }

  /**
   * What these steps have kept, in their order.
   *
   * @param path that alone; null = all
   */
  Uni<List<Artifact>> kept(List<Origin> origins, String path, int offset, int limit) {
    return pool.preparedQuery(LIST)
        .execute(of(origins, path).addInteger(limit).addInteger(offset))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(ArtifactTables::artifact))
        .map(Stream::toList);
  }

  /** How many there are of them in all. */
  Uni<Long> count(List<Origin> origins, String path) {
    return pool.preparedQuery(COUNT)
        .execute(of(origins, path))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  private static Tuple of(List<Origin> origins, String path) {
    return Tuple.tuple()
        .addArrayOfUUID(origins.stream().map(Origin::execution).toArray(UUID[]::new))
        .addArrayOfInteger(origins.stream().map(Origin::step).toArray(Integer[]::new))
        .addArrayOfString(origins.stream().map(Origin::name).toArray(String[]::new))
        .addString(path);
  }

  private static Artifact artifact(Row row) {
    return new Artifact(
        new ArtifactId(
            row.getUUID("execution_id"),
            row.getInteger("step"),
            row.getInteger("attempt"),
            row.getString("path")),
        row.getString("name"),
        row.getLong("size"),
        HexFormat.of().formatHex(row.getBuffer("sha256").getBytes()),
        row.getBoolean("executable"),
        row.getString("store_key"),
        row.get(OffsetDateTime.class, "kept_at").toInstant());
  }

  /** A content that lies in the database, a piece at a time. */
  Multi<byte[]> pieces(Artifact artifact) {
    int count = Math.toIntExact((artifact.size() + Pieces.SIZE - 1) / Pieces.SIZE);
    return Multi.createFrom()
        .range(0, count)
        .onItem()
        .transformToUniAndConcatenate(number -> piece(artifact.id(), number));
  }

  private Uni<byte[]> piece(ArtifactId id, int number) {
    return pool.preparedQuery(PIECE)
        .execute(key(id).addInteger(number))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw new IllegalStateException("artifact " + id + " is no longer whole");
              }
              return rows.iterator().next().getBuffer("bytes").getBytes();
            });
  }

  /** The keys in the object store of executions with ids in that range; the second is not in it. */
  Uni<List<String>> stored(UUID from, UUID to) {
    return pool.preparedQuery(STORED)
        .execute(Tuple.of(from, to))
        .map(
            rows -> {
              List<String> keys = new ArrayList<>();
              rows.forEach(row -> keys.add(row.getString("store_key")));
              return keys;
            });
  }

  private static Tuple key(ArtifactId id) {
    return Tuple.tuple()
        .addUUID(id.execution())
        .addInteger(id.step())
        .addInteger(id.attempt())
        .addString(id.path());
  }
}
