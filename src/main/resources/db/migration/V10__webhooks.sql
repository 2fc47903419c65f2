create table webhooks (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  type text not null,
  destination text not null,
  prompt text not null,
  target text, -- a JSON object: what is started
  filter text not null,
  events text not null, -- a JSON list of texts; not empty in a subscription
  token_hash bytea, -- SHA-256 of the token in the address; null in a subscription
  secret bytea, -- what messages are signed with, encrypted
  key_id bigint, -- of the keyset's key that encrypted it
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  event_sequence bigint not null,
  -- What `list`'s filter looks into. No field may hold chr(1), so nothing is found across the two.
  search text not null generated always as (lower(name || chr(1) || destination)) stored
) with (autovacuum_vacuum_insert_scale_factor = 0.02); -- so that pages and totals need no heap

create unique index webhooks_by_name on webhooks (organization_id, name) include (id);
create unique index webhooks_by_token on webhooks (token_hash);
create index webhooks_by_creation on webhooks (organization_id, created_at, id);
create index webhooks_by_update on webhooks (organization_id, updated_at, id);
create index webhooks_by_type on webhooks (organization_id, type);
create index webhooks_search on webhooks using gin (search gin_trgm_ops);

create trigger webhooks_inserted after insert on webhooks
  referencing new table as changed for each statement execute function count_changes();
create trigger webhooks_updated after update on webhooks
  referencing new table as changed for each statement execute function count_changes();
create trigger webhooks_deleted after delete on webhooks
  referencing old table as changed for each statement execute function count_changes();
