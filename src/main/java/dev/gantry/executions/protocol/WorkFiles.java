package dev.gantry.executions.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * What lies in an execution's work directory before a step of it starts.
 *
 * @param files contents by path below it; they may hold markers
 * @param dotenv paths of files with variables, of which a later one wins, and which all else wins
 *     over
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WorkFiles(Map<String, String> files, List<String> dotenv) {
  public static final WorkFiles NONE = new WorkFiles(Map.of(), List.of());

  public WorkFiles {
    files = files == null ? Map.of() : files;
    dotenv = dotenv == null ? List.of() : dotenv;
  }
}
