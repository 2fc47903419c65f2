package dev.gantry.tools;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A tool of a source. */
@Entity
@Table(name = "tools")
public class Tool extends Definition {
  public String type;
}
