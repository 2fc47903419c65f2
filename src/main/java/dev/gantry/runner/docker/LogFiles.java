package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.gantry.runner.disk.AttemptDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * Takes a container's log from its first byte on, and adds to the attempt's two files what they do
 * not have yet. Writes nothing once it is closed, so that the next one finds all that there is.
 */
final class LogFiles implements AutoCloseable {
  private final Stream out;
  private final Stream err;
  private boolean closed;

  LogFiles(AttemptDirectory directory) throws IOException {
    out = new Stream(directory.out());
    err = new Stream(directory.err());
  }

  /** One of the daemon's pieces; all of a stream come in order. */
  synchronized void take(Frame frame) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    Stream stream = frame.getStreamType() == StreamType.STDERR ? err : out;
    stream.take(ByteBuffer.wrap(frame.getPayload()));
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    try (FileChannel first = out.file) {
      err.file.close();
    }
  }

  private static final class Stream {
    private final FileChannel file;

    /** How much of what comes is in the file. */
    private long known;

    Stream(File file) throws IOException {
      this.file =
          FileChannel.open(file.toPath(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      this.known = file.length();
    }

    void take(ByteBuffer bytes) throws IOException {
      int passed = (int) Math.min(known, bytes.remaining());
      known -= passed;
      bytes.position(bytes.position() + passed);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
  }
}
