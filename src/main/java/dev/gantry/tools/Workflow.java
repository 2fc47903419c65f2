package dev.gantry.tools;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A workflow of a source. */
@Entity
@Table(name = "workflows")
public class Workflow extends Definition {}
