package dev.gantry.runner;

import dev.gantry.runners.protocol.Heartbeat.Amount;

/** What a backend has for attempts, and how much of it is in use, by whomever. */
public record Load(Amount capacity, Amount usage) {}
