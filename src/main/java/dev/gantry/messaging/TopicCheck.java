package dev.gantry.messaging;

import java.util.List;

/**
 * A topic as the broker has it.
 *
 * @param partitions 0 = the topic is not there
 * @param faults what is not as this installation's settings say, each with what to do; empty = all
 *     is right
 */
public record TopicCheck(String name, int partitions, List<String> faults) {}
