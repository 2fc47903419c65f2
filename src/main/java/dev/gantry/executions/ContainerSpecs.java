package dev.gantry.executions;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.workflows.Substitution;
import dev.gantry.workflows.ToolContainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells a runner what a tool wants in and beside its container, its arguments put in. Pure code.
 */
final class ContainerSpecs {
  private final Map<String, String> args;

  private ContainerSpecs(Map<String, String> args) {
    this.args = args;
  }

  /**
   * Null when the tool wants nothing of it.
   *
   * @throws IllegalArgumentException when a text gets too long with its arguments
   */
  static ContainerSpec of(ToolContainer container, Map<String, String> args) {
    return container == null ? null : new ContainerSpecs(args).spec(container);
  }

  private ContainerSpec spec(ToolContainer container) {
    return new ContainerSpec(
        container.files().stream()
            .map(file -> new ContainerSpec.File(with(file.destination()), with(file.content())))
            .toList(),
        container.volumes().stream()
            .map(volume -> new ContainerSpec.Volume(volume.name(), with(volume.path())))
            .toList(),
        container.services().stream().map(this::service).toList(),
        container.repository() == null ? null : repository(container.repository()));
  }

  private ContainerSpec.Service service(ToolContainer.Service service) {
    Map<String, String> env = new LinkedHashMap<>();
    service.env().forEach((name, value) -> env.put(name, with(value)));
    List<String> entrypoint = service.entrypoint().stream().map(this::with).toList();
    return new ContainerSpec.Service(
        service.name(), with(service.image()), env, entrypoint, service.ports());
  }

  private ContainerSpec.Repository repository(ToolContainer.Repository repository) {
    return new ContainerSpec.Repository(
        with(repository.url()), with(repository.branch()), with(repository.dir()));
  }

  private String with(String text) {
    return text == null ? null : Substitution.arguments(text, args);
  }
}
