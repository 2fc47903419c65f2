package dev.gantry.runner.kubernetes.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A plain process. Where command, arguments, environment and working directory name a place that is
 * mounted, they name the host's folder instead; what files say inside is left as it is. Users,
 * read-only mounts and the manners of process 1 are not there.
 */
final class RewrittenPaths implements Sandbox {
  @Override
  public Path onHost(ContainerSetup setup, String path) {
    return Path.of(rewrite(setup, path));
  }

  @Override
  public ProcessBuilder process(ContainerSetup setup) throws IOException {
    List<String> command = setup.command().stream().map(text -> rewrite(setup, text)).toList();
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    setup
        .environment()
        .forEach((name, value) -> builder.environment().put(name, rewrite(setup, value)));
    Path directory = Path.of(rewrite(setup, setup.directory()));
    builder.directory((Files.isDirectory(directory) ? directory : setup.folder()).toFile());
    Files.writeString(setup.ready(), "");
    return builder;
  }

  @Override
  public boolean runs(ContainerSetup setup, Process process) {
    return true;
  }

  @Override
  public ProcessHandle program(ContainerSetup setup, Process process) {
    return process.toHandle();
  }

  @Override
  public void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** All at once: what a path has become may hold another mount's path. */
  private static String rewrite(ContainerSetup setup, String text) {
    Map<String, String> places = new LinkedHashMap<>();
    // the inner mounts first: an outer one is the beginning of theirs
    for (int i = setup.mounts().size() - 1; i >= 0; i--) {
      Mount mount = setup.mounts().get(i);
      places.putIfAbsent(mount.target(), mount.source().toString());
    }
    if (places.isEmpty()) {
      return text;
    }
    String any = places.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    return Pattern.compile("(?<![\\w./-])(" + any + ")(?![\\w.-])")
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(places.get(found.group(1))));
  }
}
