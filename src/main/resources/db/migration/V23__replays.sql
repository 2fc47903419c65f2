-- Events that are told once more, to a topic of their own.
create table event_replays (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  topic text not null, -- without the installation's prefix
  types text, -- separated by blanks; null = all
  subject text, -- null = all
  position bigint not null, -- all wanted events up to here are in the outbox
  until bigint not null, -- only events before this position
  events bigint not null default 0, -- how many were told so far
  created_at timestamptz not null default now(),
  completed_at timestamptz
);

create index event_replays_running on event_replays (created_at) where completed_at is null;
