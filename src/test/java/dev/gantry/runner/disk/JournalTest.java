package dev.gantry.runner.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final JournalEntry FIRST =
      new JournalEntry(
          0,
          0,
          1_700_000_000_000L,
          77,
          false,
          List.of(new Run(Run.NOTES, 0, 1, 1, false), new Run(Run.OUT, 0, 100, 4, true)));
  private static final JournalEntry SECOND =
      new JournalEntry(
          1, 5, 1_700_000_000_001L, -3, true, List.of(new Run(Run.ERR, 0, 9, 2, false)));

  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("journal");
  }

  private Journal.Replay replay() {
    return new Journal(file()).replay();
  }

  @Test
  void nothingWasSentWhenThereIsNoJournal() {
    assertThat(replay().unacknowledged()).isEmpty();
    assertThat(replay().last()).isNull();
  }

  @Test
  void whatIsNotAcknowledgedIsSentAgain() {
    Journal journal = new Journal(file());
    journal.sent(FIRST);
    journal.sent(SECOND);
    journal.acknowledged(0);
    journal.close();

    Journal.Replay replay = replay();

    assertThat(replay.unacknowledged()).containsExactly(SECOND);
    assertThat(replay.last()).isEqualTo(SECOND);
    assertThat(replay.last().nextSeq()).isEqualTo(7);
    assertThat(replay.offsets()).containsExactly(100, 9, 1);
  }

  @Test
  void whatTheKillCutOffIsForgottenAndWrittenOver() throws IOException {
    Journal journal = new Journal(file());
    journal.sent(FIRST);
    long whole = Files.size(file());
    journal.sent(SECOND);
    journal.close();
    try (var channel = Files.newByteChannel(file(), StandardOpenOption.WRITE)) {
      channel.truncate(whole + 7);
    }

    Journal after = new Journal(file());
    assertThat(after.replay().unacknowledged()).containsExactly(FIRST);
    after.acknowledged(0);
    after.sent(SECOND);
    after.close();

    assertThat(replay().unacknowledged()).containsExactly(SECOND);
  }
}
