-- Who may call.
create table organizations (
  id uuid primary key,
  name text not null unique,
  created_at timestamptz not null default now()
);

create table api_keys (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  key_hash bytea not null unique, -- SHA-256 of the key; the key itself is never stored
  role text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

-- An execution and its steps. After acceptance the engine alone writes them; `version` is its fence.
create table executions (
  id uuid primary key,
  kind text not null,
  organization_id uuid not null,
  status text not null,
  name text not null,
  source text,
  source_type text not null,
  source_commit text,
  runner text not null,
  definition text not null,
  variables text not null default '{}', -- a JSON object of texts
  timeout_millis bigint not null default 0,
  save_trace boolean not null default false,
  log_partition integer not null,
  version integer not null default 0,
  event_sequence bigint not null default 0,
  created_at timestamptz not null,
  deadline_at timestamptz,
  stop_requested_at timestamptz,
  stop_status text, -- what the execution becomes once its steps have stopped
  wake_at timestamptz, -- when the sweeper looks again; null = never, it is terminal
  completed_at timestamptz,
  error text
);

create index executions_by_organization on executions (organization_id, kind, id desc);
create index executions_by_status on executions (organization_id, kind, status, id desc);
create index executions_by_name on executions (organization_id, kind, name, id desc);
-- What the sweeper looks at: only executions that are still alive.
create index executions_awake on executions (wake_at) where wake_at is not null;

create table execution_steps (
  execution_id uuid not null,
  index integer not null,
  name text not null,
  status text not null,
  attempt integer not null default 0,
  runner text,
  queued_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  retry_at timestamptz,
  exit_code integer,
  error text,
  output text,
  output_truncated boolean not null default false,
  log_lines bigint not null default 0,
  log_digest bigint not null default 0,
  primary key (execution_id, index)
);

-- Messages that are committed and not yet published. `id` orders the messages of one key, since one
-- writer at a time writes for a key.
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  headers text not null default '{}', -- a JSON object
  payload bytea not null
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000);

-- Messages that Kafka refused for good, set aside so that those behind them go on.
create table outbox_refused (
  id bigint primary key,
  topic text not null,
  key text not null,
  headers text not null,
  payload bytea not null,
  reason text not null,
  refused_at timestamptz not null default now()
);

create table idempotency_keys (
  organization_id uuid not null,
  key text not null,
  fingerprint bytea not null,
  execution_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, key)
);

-- Logs: consecutive batches of the logs topic, compressed, one row for many lines.
create table log_chunks (
  execution_id uuid not null,
  first_offset bigint not null,
  last_offset bigint not null,
  steps integer[] not null,
  lines integer not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  data bytea not null,
  primary key (execution_id, first_offset)
);
alter table log_chunks alter column data set storage external; -- compressed already

-- What is stored of each attempt's log, to tell a whole log from one with a gap, and a line that
-- came twice from a new one.
create table log_attempts (
  execution_id uuid not null,
  step integer not null,
  attempt integer not null,
  lines bigint not null, -- the sequence number after the last line that came
  missing bigint not null default 0, -- lines before that one that never came
  digest bigint not null,
  end_lines bigint,
  end_digest bigint,
  primary key (execution_id, step, attempt)
);

-- How far the log store has stored each partition, committed together with the chunks.
create table log_progress (
  topic text not null,
  partition integer not null,
  next_offset bigint not null,
  primary key (topic, partition)
);
