package dev.gantry.workflows;

import java.util.List;

/**
 * Who is written to when a workflow has ended. Texts may hold variables.
 *
 * @param success null = nobody
 * @param failure null = nobody
 * @param server null = the installation's
 */
public record MailSettings(Letter success, Letter failure, Server server) {
  public static final MailSettings NONE = new MailSettings(null, null, null);

  /**
   * @param from null = the installation's
   * @param prefix of the subject, or null
   * @param attachLogs what each step printed goes with it
   */
  public record Letter(String from, List<String> to, String prefix, boolean attachLogs) {}

  /**
   * @param port a number, or a text with a variable; null = the usual one
   * @param username may be a secret of the workflow; null = nobody logs in
   * @param password likewise
   */
  public record Server(String host, String port, String username, String password) {}
}
