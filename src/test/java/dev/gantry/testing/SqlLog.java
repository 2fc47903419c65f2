package dev.gantry.testing;

import java.io.Closeable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hears every statement that Hibernate sends while it is open. */
public final class SqlLog extends Handler implements Closeable {
  private static final Logger SQL = Logger.getLogger("org.hibernate.SQL");
  private final List<String> statements = new CopyOnWriteArrayList<>();
  private final Level before = SQL.getLevel();

  public SqlLog() {
    setLevel(Level.ALL);
    SQL.setLevel(Level.ALL);
    SQL.addHandler(this);
  }

  public List<String> statements() {
    return statements;
  }

  @Override
  public void publish(LogRecord heard) {
    statements.add(heard.getMessage());
  }

  @Override
  public void flush() {
    // Nothing is held back.
  }

  @Override
  public void close() {
    SQL.removeHandler(this);
    SQL.setLevel(before);
  }
}
