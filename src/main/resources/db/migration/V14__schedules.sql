-- What is started by itself, and when. A slot is a time that a cron expression means.
create table schedules (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  description text not null,
  source_id uuid references sources (id) on delete cascade, -- whose workflow says so; null = a caller
  crons text not null, -- a JSON list of cron expressions
  timezone text not null,
  overlap text not null,
  catchup text not null,
  paused boolean not null,
  request text not null, -- JSON: what is executed
  base timestamptz not null default now(), -- every slot up to here is done with
  next_at timestamptz, -- the first slot after base; null = not worked out yet
  taken_until timestamptz, -- one process at a time works on it
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  event_sequence bigint not null,
  search text not null generated always as (lower(name || chr(1) || description)) stored,
  grams integer[] generated always as (short_grams(lower(name || chr(1) || description))) stored
) with (autovacuum_vacuum_insert_scale_factor = 0.02);

create unique index schedules_by_name on schedules (organization_id, name) where source_id is null;
create unique index schedules_of_source on schedules (source_id, name) where source_id is not null;
create index schedules_named on schedules (organization_id, name) include (id);
create index schedules_by_creation on schedules (organization_id, created_at, id);
create index schedules_by_update on schedules (organization_id, updated_at, id);
create index schedules_search on schedules using gin (search gin_trgm_ops);
create index schedules_grams on schedules using gin (grams);
create index schedules_due on schedules (next_at nulls first) where not paused;

create trigger schedules_inserted after insert on schedules
  referencing new table as changed for each statement execute function count_changes();
create trigger schedules_updated after update on schedules
  referencing new table as changed for each statement execute function count_changes();
create trigger schedules_deleted after delete on schedules
  referencing old table as changed for each statement execute function count_changes();

-- Whoever changes when it runs, or goes on with it, means from now on, by the database's clock.
create function schedule_begins() returns trigger language plpgsql as $$
begin
  new.base := now();
  new.next_at := null;
  new.taken_until := null;
  return new;
end
$$;

create trigger schedules_begin before update on schedules for each row
  when ((old.crons, old.timezone, old.paused) is distinct from (new.crons, new.timezone, new.paused))
  execute function schedule_begins();

-- What became of a slot.
create table schedule_slots (
  schedule_id uuid not null references schedules (id) on delete cascade,
  slot timestamptz not null,
  outcome text not null,
  execution_id uuid,
  error text,
  decided_at timestamptz not null default now(),
  primary key (schedule_id, slot)
);
