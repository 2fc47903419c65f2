package dev.gantry.agents;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An agent as others work with it. A text that was not given is null.
 *
 * @param active it may be used
 * @param sources ids or names of those whose tools it may call
 * @param secrets names of those that its tools get
 * @param environment variables that its tools get
 * @param runner where its tools run
 * @param instructions what a model is told first
 */
public record AgentProfile(
    UUID id,
    String name,
    boolean active,
    List<String> sources,
    List<String> secrets,
    Map<String, String> environment,
    String runner,
    String instructions,
    String model,
    AgentPolicy policy) {}
