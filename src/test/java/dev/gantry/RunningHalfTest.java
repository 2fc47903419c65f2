package dev.gantry;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * The tests of what runs executions. Runs beside {@link TellingHalfTest} when all tests are run:
 * for each half, one JVM starts PostgreSQL, Kafka and the application once.
 */
@Suite
@SelectPackages({"dev.gantry.executions", "dev.gantry.runner", "dev.gantry.runners"})
@IncludeClassNamePatterns(".*Test")
class RunningHalfTest {}
