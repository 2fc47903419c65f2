/**
 * Rate limits that hold over all processes without asking the database for each request: a process
 * leases a share of what is left of a window and counts by itself until that is used up. Owns the
 * table {@code rate_limits} and no route; imports {@code platform} only. Start at {@link
 * dev.gantry.http.limits.RateLimits}.
 */
package dev.gantry.http.limits;
