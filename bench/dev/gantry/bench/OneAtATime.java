package dev.gantry.bench;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Executes a workflow again and again, each time waiting for its end: the time from the sending of
 * the request to the same request's answer that the execution is completed. Blocks.
 *
 * @param check of each answer
 */
record OneAtATime(Api api, HttpRequest request, Check check) {
  static final String EXECUTE_AND_WAIT = "/workflows/execute?wait=30s";
  private static final int COMPLETED = 200;

  /** Fails when an answer is not what it has to be. */
  interface Check {
    void accept(byte[] answer) throws IOException;
  }

  /** The times in microseconds. */
  Histogram run(int times) throws IOException, InterruptedException {
    Histogram histogram = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
    for (int i = 0; i < times; i++) {
      long begin = System.nanoTime();
      byte[] answer = api.send(request, COMPLETED);
      histogram.recordValue((System.nanoTime() - begin) / 1_000);
      check.accept(answer);
    }
    return histogram;
  }

  /** Executes once, for those who measure in another way. */
  void runOnce() throws IOException, InterruptedException {
    check.accept(api.send(request, COMPLETED));
  }

  static OneAtATime chain(Api api, int steps) throws IOException {
    HttpRequest request = api.post(EXECUTE_AND_WAIT, Workflows.chain(steps));
    return new OneAtATime(api, request, answer -> Workflows.requireChain(answer, steps));
  }

  /** One step that does nothing, where what the cluster tells is in its log. */
  static OneAtATime onCluster(Api api) throws IOException {
    HttpRequest request = api.post(EXECUTE_AND_WAIT, Workflows.single(List.of("true")));
    return new OneAtATime(api, request, Workflows::requireOneOnCluster);
  }

  static OneAtATime fanOut(Api api, int width) throws IOException {
    HttpRequest request = api.post(EXECUTE_AND_WAIT, Workflows.fanOut(width));
    return new OneAtATime(api, request, answer -> Workflows.requireFanOut(answer, width));
  }
}
