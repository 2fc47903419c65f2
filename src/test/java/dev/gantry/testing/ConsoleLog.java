package dev.gantry.testing;

import java.io.Closeable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.handlers.ConsoleHandler;

/** Hears each event as the application's console writes it, while it is open. */
public final class ConsoleLog extends Handler implements Closeable {
  private static final Logger ROOT = Logger.getLogger("");
  private final Handler console = console(ROOT.getHandlers());
  private final List<String> events = new CopyOnWriteArrayList<>();

  public ConsoleLog() {
    ROOT.addHandler(this);
  }

  private static Handler console(Handler... handlers) {
    for (Handler handler : handlers) {
      if (handler instanceof ConsoleHandler) {
        return handler;
      }
      if (handler instanceof ExtHandler ext) {
        Handler below = console(ext.getHandlers());
        if (below != null) {
          return below;
        }
      }
    }
    return null;
  }

  /** Each with all its lines. */
  public List<String> events() {
    return events;
  }

  @Override
  public void publish(LogRecord event) {
    if (console.isLoggable(event)) {
      events.add(console.getFormatter().format(event));
    }
  }

  @Override
  public void flush() {
    // Nothing is held back.
  }

  @Override
  public void close() {
    ROOT.removeHandler(this);
  }
}
