package dev.gantry.sources;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;

/**
 * A bare repository on disk that takes objects of a bounded size only, counted against a budget
 * where no connection counts them. Blocks.
 */
final class BoundedRepository extends FileRepository {
  private final FetchBudget budget;
  private final long maxObjectBytes;
  private final boolean counting;

  /**
   * @param counting whether objects come over no counted connection
   */
  BoundedRepository(File directory, FetchBudget budget, long maxObjectBytes, boolean counting)
      throws IOException {
    super(new FileRepositoryBuilder().setGitDir(directory).setBare().setup());
    this.budget = budget;
    this.maxObjectBytes = maxObjectBytes;
    this.counting = counting;
  }

  /** Nothing is collected: the copy is deleted before that could pay, perhaps while it goes on. */
  @Override
  public void autoGC(ProgressMonitor monitor) {}

  @Override
  public ObjectInserter newObjectInserter() {
    ObjectInserter inserter = super.newObjectInserter();
    return new ObjectInserter.Filter() {
      @Override
      protected ObjectInserter delegate() {
        return inserter;
      }

      @Override
      public PackParser newPackParser(InputStream in) throws IOException {
        budget.objectsBegin();
        PackParser parser = super.newPackParser(counting ? budget.counted(in) : in);
        parser.setMaxObjectSizeLimit(maxObjectBytes);
        return parser;
      }
    };
  }
}
