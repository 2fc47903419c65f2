package dev.gantry;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** All tests that {@link RunningHalfTest} does not have. */
@Suite
@SelectPackages("dev.gantry")
@ExcludePackages({"dev.gantry.executions", "dev.gantry.runner", "dev.gantry.runners"})
@IncludeClassNamePatterns(".*Test")
@ExcludeClassNamePatterns(".*HalfTest")
class TellingHalfTest {}
