package dev.gantry.runner.kubernetes.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts a container's program as a process of the host. Where the machine allows user namespaces
 * that is nearly a container: its process is number 1 (which no SIGTERM ends that it does not
 * handle), it has the user, the mounts and the root of its own, and the host's programs, read-only,
 * for an image. Else {@link RewrittenPaths} has to do.
 */
interface Sandbox {
  Sandbox BEST = Namespaces.work() ? new Namespaces() : new RewrittenPaths();

  /** The folder of the host, or the file, that a path in the container is; null where none is. */
  Path onHost(ContainerSetup setup, String path);

  ProcessBuilder process(ContainerSetup setup) throws IOException;

  /** Whether the process has become the program; before that it would not hear a signal. */
  boolean runs(ContainerSetup setup, Process process);

  /** The process that signals are for. */
  ProcessHandle program(ContainerSetup setup, Process process);

  /** Ends all of the container's processes. */
  void kill(Process process);

  /** By {@code unshare}, {@code mount} and {@code chroot}. */
  final class Namespaces implements Sandbox {
    private static final List<String> IMAGE =
        List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "etc", "opt");

    private static final String ROOT =
        """
        set -e
        path=$PATH
        PATH=/usr/sbin:/usr/bin:/sbin:/bin
        chroot=$(command -v chroot)
        setpriv=$(command -v setpriv)
        env=$(command -v env)
        root=$1 directory=$2 ready=$3
        shift 3
        mount -t tmpfs -o mode=755 pod "$root"
        for name in %s; do
          if [ -L "/$name" ]; then
            ln -s "$(readlink "/$name")" "$root/$name"
          elif [ -d "/$name" ]; then
            mkdir "$root/$name"
            mount --rbind "/$name" "$root/$name"
            mount -o remount,bind,ro "$root/$name"
          fi
        done
        mkdir "$root/dev" "$root/proc" "$root/root"
        mkdir -m 1777 "$root/tmp"
        mount --rbind /dev "$root/dev"
        mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
        """
            .formatted(String.join(" ", IMAGE));

    private static final String START =
        """
        mkdir -p "$root$directory"
        %s
        : > "$ready"
        PATH=$path
        %s "$chroot" "$root" "$setpriv" --inh-caps=-all --ambient-caps=-all \\
          "$env" -C "$directory" -- "$@"
        """;

    static boolean work() {
      try {
        Process probe =
            new ProcessBuilder(
                    "unshare",
                    "--user",
                    "--map-user=65532",
                    "--map-group=65532",
                    "--keep-caps",
                    "-mpf",
                    "--uts",
                    "sh",
                    "-c",
                    "mount --rbind \"$0\" /mnt && mount -o remount,bind,ro /mnt"
                        + " && mount -t tmpfs probe /mnt && mount --rbind /dev /mnt"
                        + " && setpriv --inh-caps=-all --ambient-caps=-all true",
                    System.getProperty("java.io.tmpdir"))
                .redirectErrorStream(true)
                .start();
        probe.getInputStream().readAllBytes();
        return probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public Path onHost(ContainerSetup setup, String path) {
      for (int i = setup.mounts().size() - 1; i >= 0; i--) {
        Mount mount = setup.mounts().get(i);
        if (path.equals(mount.target())) {
          return mount.source();
        }
        if (path.startsWith(mount.target() + "/")) {
          return mount.source().resolve(path.substring(mount.target().length() + 1));
        }
      }
      boolean inImage = IMAGE.contains(path.split("/", -1)[1]);
      return inImage ? Path.of(path) : null;
    }

    @Override
    public ProcessBuilder process(ContainerSetup setup) throws IOException {
      StringBuilder script = new StringBuilder(ROOT);
      for (Mount mount : setup.mounts()) {
        String source = quoted(mount.source().toString());
        String target = "\"$root\"" + quoted(mount.target());
        script.append(
            Files.isDirectory(mount.source())
                ? "mkdir -p " + target + "\n"
                : "mkdir -p \"$(dirname "
                    + target
                    + ")\"; [ -e "
                    + target
                    + " ] || : > "
                    + target
                    + "\n");
        script.append("mount --rbind " + source + " " + target + "\n");
        if (mount.readOnly()) {
          script.append("mount -o remount,bind,ro " + target + "\n");
        }
      }
      script.append("hostname " + quoted(setup.hostname()) + "\n");
      String seal =
          setup.readOnlyRoot()
              ? "mount -o remount,ro \"$root\""
              : setup.uid() == 0 ? "" : "chmod 555 \"$root\"";
      script.append(START.formatted(seal, setup.sharesProcesses() ? "" : "exec"));
      Path file = Files.writeString(setup.folder().resolve("start.sh"), script);
      List<String> command =
          new ArrayList<>(
              List.of(
                  "unshare",
                  "--user",
                  "--map-user=" + setup.uid(),
                  "--map-group=" + setup.gid(),
                  "--keep-caps",
                  "--mount",
                  "--pid",
                  "--fork",
                  "--kill-child",
                  "--uts",
                  "/bin/sh",
                  file.toString(),
                  Files.createDirectories(setup.folder().resolve("root")).toString(),
                  setup.directory(),
                  setup.ready().toString()));
      command.addAll(setup.command());
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().clear();
      builder.environment().putAll(setup.environment());
      return builder;
    }

    @Override
    public boolean runs(ContainerSetup setup, Process process) {
      String command = Files.exists(setup.ready()) ? commandLine(program(setup, process)) : "";
      return !command.isEmpty()
          && !command.contains(setup.ready().toString())
          && !command.contains("\0--ambient-caps=-all\0")
          && !command.contains("/env\0-C\0");
    }

    /** Empty for one that has ended. */
    private static String commandLine(ProcessHandle process) {
      try {
        return Files.readString(
            Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
      } catch (IOException e) {
        return "";
      }
    }

    @Override
    public ProcessHandle program(ContainerSetup setup, Process process) {
      ProcessHandle first = first(process);
      return setup.sharesProcesses() ? first.children().findFirst().orElse(first) : first;
    }

    @Override
    public void kill(Process process) {
      first(process).destroyForcibly();
    }

    /** Number 1 of the container; with it all others end. */
    private static ProcessHandle first(Process process) {
      return process.toHandle().children().findFirst().orElse(process.toHandle());
    }

    private static String quoted(String text) {
      return "'" + text.replace("'", "'\\''") + "'";
    }
  }
}
