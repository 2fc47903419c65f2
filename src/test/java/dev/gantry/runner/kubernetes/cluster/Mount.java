package dev.gantry.runner.kubernetes.cluster;

import java.nio.file.Path;

/** A file or folder of the host as the container sees it. */
record Mount(Path source, String target, boolean readOnly) {}
