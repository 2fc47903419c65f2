-- Finds a text anywhere in another one by index. Trusted: the database's owner may create it.
create extension if not exists pg_trgm;

-- How often an organization's rows of a table have changed: a total that was counted stays right for
-- as long as this does. One count for a statement, and by a trigger, so that no writer is left out.
create table resource_changes (
  kind text not null, -- the table
  organization_id uuid not null,
  changes bigint not null,
  primary key (kind, organization_id)
) with (fillfactor = 50);

create function count_changes() returns trigger language plpgsql as $$
begin
  insert into resource_changes (kind, organization_id, changes)
  select tg_table_name, organization_id, 1
  from (select distinct organization_id from changed order by organization_id) c
  on conflict (kind, organization_id) do update set changes = resource_changes.changes + 1;
  return null;
end
$$;

-- An index that carries a rule is named <table>_by_<field>; the field is what a conflict names.
create table agents (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  description text not null,
  status text not null,
  sources text not null, -- a JSON list of texts, as secrets
  secrets text not null,
  environment_variables text not null, -- a JSON object of texts
  runner text not null,
  ai_instructions text not null,
  llm_model text not null,
  webhook text, -- a JSON object
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  event_sequence bigint not null,
  -- What `filter` looks into. No field may hold chr(1), so nothing is found across the two.
  search text not null generated always as (lower(name || chr(1) || description)) stored
) with (autovacuum_vacuum_insert_scale_factor = 0.02); -- so that pages and totals need no heap

create unique index agents_by_name on agents (organization_id, name) include (id);
create index agents_by_creation on agents (organization_id, created_at, id);
create index agents_by_update on agents (organization_id, updated_at, id);
create index agents_by_status on agents (organization_id, status);
create index agents_search on agents using gin (search gin_trgm_ops);

create trigger agents_inserted after insert on agents referencing new table as changed
  for each statement execute function count_changes();
create trigger agents_updated after update on agents referencing new table as changed
  for each statement execute function count_changes();
create trigger agents_deleted after delete on agents referencing old table as changed
  for each statement execute function count_changes();
