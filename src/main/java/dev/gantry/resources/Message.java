package dev.gantry.resources;

/** An answer that has nothing to show, as {@code {"message": "Agent deleted successfully"}}. */
public record Message(String message) {
  public static Message deleted(Resource resource) {
    return new Message(resource.getClass().getSimpleName() + " deleted successfully");
  }
}
