package dev.gantry.runner;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.containers.BindMode;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * On a cluster in a container, where a daemon has its image ({@code -Dgantry.test.k3s-image}, by
 * default {@value #DEFAULT_IMAGE}): it is not pulled, and without it the tests are skipped.
 */
class K3sBackendTest extends RealClusterContract {
  private static final String DEFAULT_IMAGE = "rancher/k3s:v1.33.5-k3s1";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static K3sContainer k3s;

  /** Its node has this host's temporary folders, where tests and steps leave each other files. */
  @BeforeAll
  static void start() {
    String image = System.getProperty("gantry.test.k3s-image", DEFAULT_IMAGE);
    String missing = missing(image);
    if (missing != null) {
      String reason = "tests on K3s are skipped: " + missing;
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    String temporary = System.getProperty("java.io.tmpdir");
    k3s =
        new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"))
            .withFileSystemBind(temporary, temporary, BindMode.READ_WRITE);
    k3s.start();
  }

  /** Why there cannot be one, soon; or null. */
  private static String missing(String image) {
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    try (DockerClient client =
        DockerClientImpl.getInstance(
            config,
            new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .connectionTimeout(PATIENCE)
                .responseTimeout(PATIENCE)
                .build())) {
      client.inspectImageCmd(image).exec();
      return null;
    } catch (NotFoundException e) {
      return "the daemon at " + config.getDockerHost() + " has no image " + image;
    } catch (RuntimeException e) {
      return "no daemon answers at " + config.getDockerHost() + ": " + e.getMessage();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() {
    if (k3s != null) {
      k3s.stop();
    }
  }

  @Override
  Config access() {
    return Config.fromKubeconfig(k3s.getKubeConfigYaml());
  }
}
