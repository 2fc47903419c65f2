package dev.gantry.sources;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.transport.UploadPack;

/** A repository in memory that can hold what no working tree can, and that servers serve. */
final class ServedRepository {
  private static final PersonIdent NOBODY = new PersonIdent("test", "test@example.com");

  private final InMemoryRepository repository =
      new InMemoryRepository(new DfsRepositoryDescription("served"));

  record Entry(String path, FileMode mode, byte[] content) {
    static Entry file(String path, String content) {
      return new Entry(path, FileMode.REGULAR_FILE, Constants.encode(content));
    }

    static Entry link(String path, String target) {
      return new Entry(path, FileMode.SYMLINK, Constants.encode(target));
    }

    /** Content is ignored. */
    static Entry submodule(String path) {
      return new Entry(path, FileMode.GITLINK, new byte[0]);
    }
  }

  ObjectId commit(Entry... entries) throws IOException {
    return commit(List.of(entries));
  }

  ObjectId commit(List<Entry> entries) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      DirCache index = DirCache.newInCore();
      DirCacheBuilder builder = index.builder();
      for (Entry entry : entries) {
        DirCacheEntry added = new DirCacheEntry(entry.path());
        added.setFileMode(entry.mode());
        added.setObjectId(
            entry.mode() == FileMode.GITLINK
                ? ObjectId.fromString("1".repeat(40))
                : inserter.insert(Constants.OBJ_BLOB, entry.content()));
        builder.add(added);
      }
      builder.finish();
      return commit(index.writeTree(inserter), inserter);
    }
  }

  /** A tree as only a server of ill will has it. */
  ObjectId commitTree(byte[] tree) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      return commit(inserter.insert(Constants.OBJ_TREE, tree), inserter);
    }
  }

  ObjectId insert(String content) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(Constants.OBJ_BLOB, Constants.encode(content));
      inserter.flush();
      return id;
    }
  }

  private ObjectId commit(ObjectId tree, ObjectInserter inserter) throws IOException {
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(tree);
    commit.setAuthor(NOBODY);
    commit.setCommitter(NOBODY);
    commit.setMessage("test");
    ObjectId id = inserter.insert(commit);
    inserter.flush();
    RefUpdate main = repository.updateRef("refs/heads/main");
    main.setNewObjectId(id);
    main.forceUpdate();
    repository.updateRef(Constants.HEAD).link("refs/heads/main");
    return id;
  }

  UploadPack uploadPack(String protocol) {
    UploadPack upload = new UploadPack(repository);
    if (protocol != null) {
      upload.setExtraParameters(List.of(protocol));
    }
    return upload;
  }

  void upload(String protocol, InputStream in, OutputStream out, OutputStream errors)
      throws IOException {
    uploadPack(protocol).upload(in, out, errors);
  }
}
