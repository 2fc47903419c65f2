package dev.gantry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class StoryTest {
  private static final String FAILED_STEP =
      """
      {"event": "workflow.step.failed", "subject": "exec-1", "data": {
        "workflow": {"execution_id": "exec-1", "name": "deploy", "status": "running", "runner": "r"},
        "step": {"name": "push", "status": "failed", "exit_code": 3, "error": "a <b> & [c](d)"}}}
      """;

  @Test
  void slackGetsOneSentenceAndFacts() {
    JsonNode message = Payload.read(Story.of(FAILED_STEP).forSlack());

    assertThat(message.get("text").textValue())
        .isEqualTo(
            """
            :x: *Workflow deploy: step push failed*
            • Error: a &lt;b&gt; &amp; [c](d)
            • Status: failed
            • Exit code: 3
            • Runner: r
            • Execution id: exec-1""");
  }

  @Test
  void teamsGetsAnAdaptiveCard() {
    JsonNode message = Payload.read(Story.of(FAILED_STEP).forTeams());

    JsonNode attachment = message.at("/attachments/0");
    assertThat(message.get("type").textValue()).isEqualTo("message");
    assertThat(attachment.get("contentType").textValue())
        .isEqualTo("application/vnd.microsoft.card.adaptive");
    assertThat(attachment.at("/content/type").textValue()).isEqualTo("AdaptiveCard");
    assertThat(attachment.at("/content/body/0/text").textValue())
        .isEqualTo("Workflow deploy: step push failed");
    assertThat(attachment.at("/content/body/0/color").textValue()).isEqualTo("Attention");
    assertThat(attachment.at("/content/body/1/facts/0/value").textValue())
        .isEqualTo("a <b> & \\[c](d)");
  }

  @Test
  void toolsTellHowTheyEnded() {
    String event =
        "{\"event\": \"tool.executed\", \"data\": {\"tool\": {\"name\": \"t\", \"status\": \"%s\"}}}";

    assertThat(Story.of(event.formatted("completed")).mood()).isEqualTo(Story.Mood.GOOD);
    assertThat(Story.of(event.formatted("failed")).mood()).isEqualTo(Story.Mood.BAD);
    assertThat(Story.of(event.formatted("failed")).sentence()).isEqualTo("Tool t executed");
  }

  @Test
  void whatHasNoNameIsCalledByItsSubject() {
    String event = "{\"event\": \"source.deleted\", \"subject\": \"s-1\", \"data\": {}}";

    assertThat(Story.of(event).sentence()).isEqualTo("Source s-1 deleted");
  }

  @Test
  void whoMayDecideIsToldWhatAndWhere() {
    String event =
        """
        {"event": "chat.awaiting_approval", "subject": "chat-exec-1", "data": {
          "chat": {"execution_id": "chat-exec-1", "name": "helper", "status": "running",
            "runner": "r"},
          "approval": {"call_id": "call-1", "tool": "deploy", "args": {"version": "<2>"},
            "reason": "Seen by customers"}}}
        """;

    assertThat(Payload.read(Story.of(event).forSlack()).get("text").textValue())
        .isEqualTo(
            """
            :information_source: *Chat helper: call of deploy awaiting approval*
            • With version: &lt;2&gt;
            • Reason: Seen by customers
            • Approve: POST /api/v1/chat/executions/chat-exec-1/calls/call-1/approve
            • Reject: POST /api/v1/chat/executions/chat-exec-1/calls/call-1/reject
            • Status: running
            • Runner: r
            • Execution id: chat-exec-1""");
    JsonNode card = Payload.read(Story.of(event).forTeams()).at("/attachments/0/content/body");
    assertThat(card.at("/0/text").textValue())
        .isEqualTo("Chat helper: call of deploy awaiting approval");
    assertThat(card.at("/1/facts/2/value").textValue())
        .isEqualTo("POST /api/v1/chat/executions/chat-exec-1/calls/call-1/approve");
  }
}
