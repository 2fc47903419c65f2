-- Whose rights a step has that calls the API: those of the key that asked for its execution.
alter table executions
  add column caller_key uuid; -- null = a schedule, a webhook or another execution has started it

create table step_tokens (
  token_hash bytea primary key,
  api_key_id uuid not null references api_keys (id) on delete cascade,
  execution_id uuid not null,
  step integer not null,
  attempt integer not null,
  expires_at timestamptz not null
);
create index step_tokens_by_expiry on step_tokens (expires_at);
create index step_tokens_by_key on step_tokens (api_key_id);

-- A token is its key while its attempt is under way, and nothing at any other time.
create view step_keys as
  select t.token_hash, k.id, k.organization_id, k.name, k.role, k.scope, k.runner,
    least(k.expires_at, t.expires_at) as expires_at
  from step_tokens t
  join api_keys k on k.id = t.api_key_id
  join execution_steps s on s.execution_id = t.execution_id and s.index = t.step
    and s.attempt = t.attempt and s.status in ('queued', 'running');
