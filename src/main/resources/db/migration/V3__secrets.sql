create table secrets (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  description text not null,
  ciphertext bytea not null, -- of the value, bound to the organization and the name
  key_id bigint not null, -- of the keyset's key that encrypted it
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz,
  version integer not null,
  event_sequence bigint not null,
  -- What `filter` looks into.
  search text not null generated always as (lower(name)) stored
) with (autovacuum_vacuum_insert_scale_factor = 0.02); -- so that pages and totals need no heap

create unique index secrets_by_name on secrets (organization_id, name) include (id);
create index secrets_by_creation on secrets (organization_id, created_at, id);
create index secrets_by_update on secrets (organization_id, updated_at, id);
create index secrets_search on secrets using gin (search gin_trgm_ops);

create trigger secrets_inserted after insert on secrets referencing new table as changed
  for each statement execute function count_changes();
create trigger secrets_updated after update on secrets referencing new table as changed
  for each statement execute function count_changes();
create trigger secrets_deleted after delete on secrets referencing old table as changed
  for each statement execute function count_changes();
