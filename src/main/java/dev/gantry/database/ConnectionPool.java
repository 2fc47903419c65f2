package dev.gantry.database;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Makes the pool of connections. PostgreSQL keeps every statement prepared: the client's limit is
 * 2,048 characters, and the longest statements are those that are run most, and cost most to plan.
 */
@Singleton
class ConnectionPool implements PgPoolCreator {
  @Override
  public Pool create(Input input) {
    input
        .pgConnectOptionsList()
        .forEach(
            options ->
                options
                    .setCachePreparedStatements(true)
                    .setPreparedStatementCacheSqlFilter(statement -> true));
    return PgBuilder.pool()
        .with(input.poolOptions())
        .connectingTo(List.copyOf(input.pgConnectOptionsList()))
        .using(input.vertx())
        .build();
  }
}
