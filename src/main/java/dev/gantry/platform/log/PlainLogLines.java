package dev.gantry.platform.log;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * Sees every event before the console writes it and makes control characters in it visible, so that
 * nothing that came from outside can begin a line that looks like another event, or move a
 * terminal's cursor. Lets every event through. Any thread, never blocks.
 */
@LoggingFilter(name = "plain-lines")
public final class PlainLogLines implements Filter {
  private static final ExtFormatter TEXT = new PatternFormatter("%s");

  @Override
  public boolean isLoggable(LogRecord event) {
    if (event instanceof ExtLogRecord ext) {
      String message = TEXT.formatMessage(ext);
      if (message != null && !Visible.isPlain(message)) {
        ext.setMessage(Visible.text(message), ExtLogRecord.FormatStyle.NO_FORMAT);
      }
    }
    Throwable thrown = event.getThrown();
    if (thrown != null && !VisibleThrowable.isPlain(thrown)) {
      event.setThrown(VisibleThrowable.of(thrown));
    }
    return true;
  }
}
