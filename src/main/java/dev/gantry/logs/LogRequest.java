package dev.gantry.logs;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.LoggedExecutions.LoggedExecution;
import java.util.UUID;

/** What a caller wants of an execution's log, checked. Lines behind {@code after} only. */
record LogRequest(
    UUID organizationId, Kind kind, LoggedExecution execution, LineFilter filter, LineId after) {}
