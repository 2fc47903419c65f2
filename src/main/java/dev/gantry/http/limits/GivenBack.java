package dev.gantry.http.limits;

import java.time.OffsetDateTime;

/** What a process leaves unused of the window that ends at {@code resetsAt}. */
record GivenBack(String subject, int unused, OffsetDateTime resetsAt) {}
