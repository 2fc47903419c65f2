package dev.gantry.tools;

/** The two kinds of definitions, each with a table of its own. */
public enum DefinitionKind {
  TOOL("tools", "tool"),
  WORKFLOW("workflows", "workflow");

  final String table;
  final String word;

  DefinitionKind(String table, String word) {
    this.table = table;
    this.word = word;
  }
}
