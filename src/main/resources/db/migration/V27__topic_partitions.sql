-- How many partitions a topic had, for keys that began then or later: they stay where they began.
create table topic_partitions (
  topic text not null,
  partitions integer not null,
  since timestamptz not null,
  primary key (topic, partitions)
);
