package dev.gantry.messaging;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;

/** Holds the topics of the broker against those that are wanted. Blocks. */
final class TopicChecks {
  private final Admin admin;

  TopicChecks(Admin admin) {
    this.admin = admin;
  }

  List<TopicCheck> of(List<NewTopic> wanted) throws ExecutionException, InterruptedException {
    Set<String> present = admin.listTopics().names().get();
    List<String> there =
        wanted.stream().map(NewTopic::name).filter(present::contains).distinct().toList();
    Map<String, TopicDescription> described = admin.describeTopics(there).allTopicNames().get();
    Map<ConfigResource, Config> configs =
        admin.describeConfigs(there.stream().map(TopicChecks::resource).toList()).all().get();
    Map<String, TopicCheck> checks = new HashMap<>();
    List<TopicCheck> inOrder = new ArrayList<>();
    for (NewTopic topic : wanted) {
      if (!checks.containsKey(topic.name())) {
        TopicCheck check =
            check(topic, described.get(topic.name()), configs.get(resource(topic.name())));
        checks.put(topic.name(), check);
        inOrder.add(check);
      }
    }
    return inOrder;
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private static TopicCheck check(NewTopic wanted, TopicDescription described, Config config) {
    if (described == null) {
      return new TopicCheck(
          wanted.name(), 0, List.of("is not there: it is made when a process starts"));
    }
    List<String> faults = new ArrayList<>();
    wanted
        .configs()
        .forEach(
            (name, value) -> {
              ConfigEntry entry = config.get(name);
              String has = entry == null ? null : entry.value();
              if (!value.equals(has)) {
                faults.add(
                    ("%s is %s, and should be %s: kafka-configs.sh --alter --entity-type topics"
                            + " --entity-name %s --add-config %s=[%s]")
                        .formatted(name, has, value, wanted.name(), name, value));
              }
            });
    return new TopicCheck(wanted.name(), described.partitions().size(), faults);
  }
}
