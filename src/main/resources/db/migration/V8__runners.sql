-- Whom a runner's name belongs to, for good: what is left of a runner that was deleted, its process
-- or commands of its, never gets to another organization. A name that is not here, or has no
-- organization, is the installation's: runners of that name are shared by all.
create table runner_names (
  name text primary key,
  organization_id uuid references organizations (id)
);

insert into runner_names (name) values ('default');

create table runners (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null references runner_names (name),
  type text not null,
  description text not null,
  configuration text not null, -- a JSON object
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  event_sequence bigint not null
);

create unique index runners_by_name on runners (name);
create index runners_by_creation on runners (organization_id, created_at, id);

-- What each process of a runner last told of itself, shared ones included. Times but the first are
-- the database's.
create table runner_instances (
  runner text not null,
  instance text not null,
  sequence bigint not null, -- counts the heartbeats of the process
  started_at timestamptz not null, -- by the runner's clock
  backend text not null,
  version text not null,
  cpu_millis bigint not null, -- thousandths of a processor
  memory_bytes bigint not null,
  used_cpu_millis bigint not null,
  used_memory_bytes bigint not null,
  slots integer not null,
  used_slots integer not null,
  interval_millis bigint not null, -- when the next heartbeat is to be expected
  stopped boolean not null,
  first_seen timestamptz not null default now(),
  last_seen timestamptz not null default now(),
  primary key (runner, instance)
) with (fillfactor = 50);

create index runner_instances_by_age on runner_instances (last_seen);
