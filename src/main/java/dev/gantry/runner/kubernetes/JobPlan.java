package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;

/**
 * What is created for one attempt: the Job first, which claims the attempt's name, then what it
 * owns.
 *
 * @param owned what the pod waits for, at most one Secret or ConfigMap; the reference to its owner
 *     is still missing, since that needs the created Job's uid
 */
record JobPlan(Job job, List<HasMetadata> owned) {}
