package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/** The Pod Security Standard that pods of steps keep to. */
public enum PodSecurity {
  /** No privilege at all, and one user for whatever image. */
  RESTRICTED(0440) {
    @Override
    PodSecurityContext pod() {
      return new PodSecurityContextBuilder()
          .withRunAsNonRoot(true)
          .withRunAsUser(USER)
          .withRunAsGroup(USER)
          .withFsGroup(USER)
          // Else a large volume is walked through before every step.
          .withFsGroupChangePolicy("OnRootMismatch")
          .withNewSeccompProfile()
          .withType(SECCOMP)
          .endSeccompProfile()
          .build();
    }

    @Override
    SecurityContext container() {
      return new SecurityContextBuilder()
          .withAllowPrivilegeEscalation(false)
          .withNewCapabilities()
          .withDrop("ALL")
          .endCapabilities()
          .build();
    }
  },

  /** The image's own user, who may be root, with the capabilities that containers have. */
  BASELINE(0444) {
    @Override
    PodSecurityContext pod() {
      return new PodSecurityContextBuilder()
          .withNewSeccompProfile()
          .withType(SECCOMP)
          .endSeccompProfile()
          .build();
    }

    @Override
    SecurityContext container() {
      return new SecurityContextBuilder().withAllowPrivilegeEscalation(false).build();
    }
  };

  private static final long USER = 65532;
  private static final String SECCOMP = "RuntimeDefault";

  private final int fileMode;

  PodSecurity(int fileMode) {
    this.fileMode = fileMode;
  }

  abstract PodSecurityContext pod();

  abstract SecurityContext container();

  /** Of files that Kubernetes puts into a container: for the pod's group, or for any user. */
  int fileMode() {
    return fileMode;
  }
}
