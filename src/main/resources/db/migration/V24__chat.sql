alter table agents add column policy text; -- a JSON object; null = none

-- A turn is an execution of the kind CHAT: one step, which an agent does.
create index executions_chats on executions (id) where kind = 'CHAT' and completed_at is null;

create table chat_sessions (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  agent_id uuid not null references agents (id) on delete cascade,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index chat_sessions_of_agent on chat_sessions (organization_id, agent_id, updated_at desc, id);

-- What is done for an execution. Who takes a turn has it until `lease_until`, by the database's
-- clock; then another may. `fence` counts who took it: only the last one writes.
create table chat_turns (
  execution_id uuid primary key,
  organization_id uuid not null,
  agent_id uuid, -- null: a step of a workflow that says itself what the agent is
  session_id uuid references chat_sessions (id) on delete set null,
  entries integer not null, -- how many its transcript has
  fence integer not null default 0,
  lease_until timestamptz, -- null = nobody has it
  look_at timestamptz not null, -- when there is something to do at the latest
  waits_for_calls boolean not null default false, -- there is when its calls have ended
  woken boolean not null default false, -- somebody has said something since it was taken
  created_at timestamptz not null default now(),
  ended_at timestamptz
);

create index chat_turns_open on chat_turns (execution_id) where ended_at is null;
-- One turn at a time in a session.
create unique index chat_turns_by_session on chat_turns (session_id) where ended_at is null;

-- The transcript: what was said, asked, called and answered, in order. Never changed.
create table chat_entries (
  execution_id uuid not null,
  seq integer not null, -- from 1 on, without a gap
  entry text not null, -- a JSON object
  at timestamptz not null default now(),
  primary key (execution_id, seq)
);

-- What a person says to a call that is asked for; the first one counts.
create table chat_decisions (
  execution_id uuid not null,
  call_id text not null,
  approved boolean not null,
  decided_by text not null,
  comment text,
  at timestamptz not null default now(),
  primary key (execution_id, call_id)
);

-- What people and agents have said to each other.
create table chat_messages (
  id uuid primary key,
  organization_id uuid not null,
  agent_id uuid not null references agents (id) on delete cascade,
  session_id uuid not null references chat_sessions (id) on delete cascade,
  execution_id uuid not null,
  role text not null,
  content text not null,
  created_at timestamptz not null default now()
);

create index chat_messages_of_agent on chat_messages (organization_id, agent_id, created_at, id);
create index chat_messages_of_session on chat_messages (session_id, created_at, id);
create index chat_messages_of_execution on chat_messages (execution_id);
