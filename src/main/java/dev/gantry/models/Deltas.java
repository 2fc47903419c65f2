package dev.gantry.models;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Brings the frames of one answer into the form that the client library reads without loss:
 * compatible servers take liberties that it does not expect. Pure code.
 */
@FunctionalInterface
interface Deltas {
  Deltas AS_THEY_ARE = List::of;

  /**
   * @param frame may be changed
   */
  List<ObjectNode> of(ObjectNode frame);
}
