-- What was told to everyone, for those who read it back. The outbox's relay moves an event here
-- once Kafka has it: there is one relay at a time, so positions become visible in their order.
create table events (
  position bigint not null, -- microseconds since 1970 when it was told, counted up: no two are equal
  organization_id uuid not null,
  id text not null, -- the CloudEvent's: subject and sequence
  type text not null,
  subject text not null,
  sequence bigint not null,
  time timestamptz not null,
  traceparent text,
  data text not null, -- a JSON object
  primary key (position)
) partition by range (position);

create index events_by_organization on events (organization_id, position);
create index events_by_type on events (organization_id, type, position);
create index events_by_subject on events (organization_id, subject, position);

-- Cut by who keeps it, as executions are.
do $$
declare
  bound bigint := extract(epoch from date_trunc('day', now(), 'UTC') + interval '8 days') * 1000000;
begin
  execute format(
    'create table events_first partition of events for values from (minvalue) to (%L)', bound);
  create table events_default partition of events default;
end $$;
