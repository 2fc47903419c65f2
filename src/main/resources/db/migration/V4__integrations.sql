create table integrations (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  type text not null,
  status text not null,
  configuration text not null, -- a JSON object
  secrets text not null, -- a JSON object of texts: names of secrets by variable
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  event_sequence bigint not null,
  -- What `filter` looks into.
  search text not null generated always as (lower(name)) stored
) with (autovacuum_vacuum_insert_scale_factor = 0.02); -- so that pages and totals need no heap

create unique index integrations_by_name on integrations (organization_id, name) include (id);
create index integrations_by_creation on integrations (organization_id, created_at, id);
create index integrations_by_update on integrations (organization_id, updated_at, id);
create index integrations_by_type on integrations (organization_id, type);
create index integrations_by_status on integrations (organization_id, status);
create index integrations_search on integrations using gin (search gin_trgm_ops);

create trigger integrations_inserted after insert on integrations
  referencing new table as changed for each statement execute function count_changes();
create trigger integrations_updated after update on integrations
  referencing new table as changed for each statement execute function count_changes();
create trigger integrations_deleted after delete on integrations
  referencing old table as changed for each statement execute function count_changes();
