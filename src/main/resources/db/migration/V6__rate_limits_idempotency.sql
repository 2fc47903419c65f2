-- How much of its window each subject has been given; see http.limits. Unlogged: a lease waits for no
-- disk, and a crash of the database gives everybody a fresh window. No organization: an address has
-- none, and a key's id is enough.
create unlogged table rate_limits (
  subject text primary key, -- key:<id> or address:<address>
  taken integer not null, -- leased to all processes together
  granted integer not null, -- by the last lease
  resets_at timestamptz not null
) with (fillfactor = 50);

create index rate_limits_by_end on rate_limits (resets_at);

-- A key of an execution names it; a key of any other call holds that call's answer, or, while
-- `held_until` is ahead, tells that the call is under way.
alter table idempotency_keys
  alter column execution_id drop not null,
  add column holder uuid, -- of the call that may store its answer
  add column held_until timestamptz,
  add column status integer, -- of the answer; null = there is none yet
  add column headers text, -- a JSON object
  add column body text;

create index idempotency_keys_by_creation on idempotency_keys (created_at);
