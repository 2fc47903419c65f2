-- How many executions may be under way at once. An execution that has passed names in `limits` the
-- queues whose place it holds until it ends: a place is a row that lives, and never a counter.
create table queues (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  description text not null,
  max_active_runs integer not null,
  priority integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  event_sequence bigint not null
);

create unique index queues_by_name on queues (organization_id, name);

alter table executions
  add column limits text[], -- null = none
  add column max_active_runs integer not null default 0, -- the workflow's own; 0 = none
  add column priority integer not null default 0,
  add column admitted_at timestamptz; -- when it got its places; its timeout counts from then

create index executions_limited on executions (organization_id)
  where limits is not null and completed_at is null;
create index executions_queued on executions (organization_id, limits, priority desc, id)
  where status = 'queued' and admitted_at is null;

-- It follows from admitted_at or created_at, and timeout_millis.
alter table executions drop column deadline_at;
