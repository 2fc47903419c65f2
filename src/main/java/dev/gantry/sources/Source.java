package dev.gantry.sources;

import dev.gantry.resources.Resource;
import jakarta.persistence.Basic;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A source as it is stored. A text that was not given is empty. What a scan finds is written by
 * {@link ScanStore}.
 */
@Entity
@Table(name = "sources")
public class Source extends Resource {
  static final String SCANNING = "scanning";
  static final String READY = "ready";
  static final String FAILED = "failed";

  public String description = "";

  @Convert(converter = Origin.InColumn.class)
  Origin origin;

  /** JSON of an inline source, not read with the rest; null otherwise. */
  @Basic(fetch = FetchType.LAZY)
  @Column(name = "inline_tools")
  String inlineTools;

  @Basic(fetch = FetchType.LAZY)
  @Column(name = "inline_workflows")
  String inlineWorkflows;

  public String runner = "";
  public String status = SCANNING;

  @Column(name = "tools_count")
  public int toolsCount;

  @Column(name = "workflows_count")
  public int workflowsCount;

  @Convert(converter = ScanError.InColumn.class)
  public List<ScanError> errors = List.of();

  /** Null until a scan has read a repository. */
  public String commit;

  @Column(name = "scanned_at")
  public Instant scannedAt;

  @Override
  protected String told(String change) {
    return change.equals("created") ? "added" : change;
  }

  @Override
  protected Optional<Map<String, Object>> told() {
    return Optional.of(told(publicId(), name, origin.type(), status, commit));
  }

  static Map<String, Object> told(
      String uuid, String name, String type, String status, String commit) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("uuid", uuid);
    told.put("name", name);
    told.put("type", type);
    told.put("status", status);
    if (commit != null) {
      told.put("commit", commit);
    }
    return told;
  }
}
