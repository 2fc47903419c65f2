package dev.gantry.workflows;

import dev.gantry.workflows.MailSettings.Letter;
import dev.gantry.workflows.MailSettings.Server;

/** Reads {@code mailOn}, {@code errorMail}, {@code infoMail} and {@code smtp} of a workflow. */
final class MailReader {
  static final Keys ON = Keys.of("success", "failure");
  static final Keys LETTER = Keys.of("from", "to", "prefix", "attachLogs");
  static final Keys SERVER = Keys.of("host", "port", "username", "password");

  private MailReader() {}

  static MailSettings read(Fields workflow) {
    Letter info = letter(workflow.get("infoMail"));
    Letter error = letter(workflow.get("errorMail"));
    Server server = server(workflow.get("smtp"));
    if (!workflow.has("mailOn")) {
      return MailSettings.NONE;
    }
    Fields on = Fields.of(workflow.get("mailOn"), ON);
    return new MailSettings(
        wanted(workflow, on, "success", "infoMail") ? info : null,
        wanted(workflow, on, "failure", "errorMail") ? error : null,
        server);
  }

  private static boolean wanted(Fields workflow, Fields on, String end, String letter) {
    boolean wanted = on.flag(end);
    if (wanted && !workflow.has(letter)) {
      workflow.fault(letter, "is missing: mailOn." + end + " wants to know who is written to");
    }
    return wanted;
  }

  private static Letter letter(Field field) {
    if (field == null) {
      return null;
    }
    Fields fields = Fields.of(field, LETTER);
    if (fields.has("from")) {
      address(fields.get("from"), fields.text("from"));
    }
    if (!fields.has("to")) {
      fields.missing("to");
    } else {
      fields.get("to").oneOrMore().forEach(to -> address(to, to.text()));
    }
    return new Letter(
        fields.nonBlank("from"),
        fields.texts("to"),
        fields.text("prefix"),
        fields.flag("attachLogs"));
  }

  /** Whether there is such an address, the server will say. */
  private static void address(Field at, String text) {
    if (text != null && text.indexOf('@') < 1 && !Substitution.isIn(text)) {
      at.fault("is no address: " + Quoted.quote(text));
    }
  }

  private static Server server(Field field) {
    if (field == null) {
      return null;
    }
    Fields fields = Fields.of(field, SERVER);
    String host = fields.nonBlank("host");
    if (host == null) {
      fields.missing("host");
    }
    if (fields.has("password") && !fields.has("username")) {
      fields.fault("username", "is missing: who logs in with the password");
    }
    return new Server(
        host, SshReader.port(fields), fields.nonBlank("username"), fields.nonBlank("password"));
  }
}
