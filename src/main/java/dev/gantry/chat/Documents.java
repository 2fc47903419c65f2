package dev.gantry.chat;

import dev.gantry.chat.ChatRequest.Context;
import dev.gantry.chat.turns.ChatConfig;
import dev.gantry.chat.turns.Entry.Document;
import dev.gantry.http.ApiException;
import dev.gantry.network.AddressPolicy;
import dev.gantry.network.TextDownloads;
import dev.gantry.network.TextDownloads.UnreadableException;
import dev.gantry.resources.Fields;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The documents that go with a message: those of URLs are read from public addresses alone. Never
 * blocks.
 */
@ApplicationScoped
class Documents {
  private final TextDownloads downloads;
  private final long most;

  Documents(AddressPolicy network, ChatConfig config) {
    most = config.maxContext().asLongValue();
    downloads = new TextDownloads(network, (int) most);
  }

  /** Fails with 400 for one that cannot be had, and when all together are too large. */
  Uni<List<Document>> of(List<Context> context) {
    return Multi.createFrom()
        .items(IntStream.range(0, context.size()).boxed())
        .onItem()
        .transformToUniAndConcatenate(i -> one("context[" + i + "]", i, context.get(i)))
        .collect()
        .asList()
        .invoke(this::requireFitting);
  }

  private Uni<Document> one(String place, int index, Context context) {
    if (context.isFile()) {
      String name = context.filename() == null ? "file " + (index + 1) : context.filename();
      return Uni.createFrom().item(new Document(name, context.content()));
    }
    return downloads
        .read(context.url())
        .map(text -> new Document(context.url(), text))
        .onFailure(UnreadableException.class)
        .transform(
            why ->
                ApiException.invalid(
                    place + ".url", context.url() + " cannot be read: " + why.getMessage()));
  }

  private void requireFitting(List<Document> documents) {
    long bytes = documents.stream().mapToLong(each -> Fields.bytes(each.content())).sum();
    if (bytes > most) {
      throw ApiException.invalid(
          "context",
          "has %d bytes together, of which GANTRY_CHAT_MAX_CONTEXT allows %d"
              .formatted(bytes, most));
    }
  }

  @PreDestroy
  void close() throws IOException {
    downloads.close();
  }
}
