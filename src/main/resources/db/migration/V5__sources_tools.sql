create table sources (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  description text not null,
  origin text not null, -- a JSON object: type, url, branch, path, credentials
  inline_tools text, -- JSON, of an inline source
  inline_workflows text,
  runner text not null,
  status text not null,
  tools_count integer not null,
  workflows_count integer not null,
  errors text not null, -- a JSON list of the last scan's
  commit text, -- that the tools and workflows were read from
  scanned_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  event_sequence bigint not null,
  -- What `filter` looks into. No field may hold chr(1), so nothing is found across the two.
  search text not null generated always as (lower(name || chr(1) || description)) stored
) with (autovacuum_vacuum_insert_scale_factor = 0.02); -- so that pages and totals need no heap

create unique index sources_by_name on sources (organization_id, name) include (id);
create index sources_by_creation on sources (organization_id, created_at, id);
create index sources_by_update on sources (organization_id, updated_at, id);
create index sources_search on sources using gin (search gin_trgm_ops);

create trigger sources_inserted after insert on sources referencing new table as changed
  for each statement execute function count_changes();
create trigger sources_updated after update on sources referencing new table as changed
  for each statement execute function count_changes();
create trigger sources_deleted after delete on sources referencing old table as changed
  for each statement execute function count_changes();

-- Scans that wait, run or have ended. Who takes one has it until `not_before`, by the database's
-- clock; then another may. `attempts` is the fence: only who took it last ends it.
create table source_scans (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  source_id uuid references sources (id) on delete cascade, -- null: a preview, which has an origin
  origin text, -- as in sources
  inline_tools text,
  inline_workflows text,
  state text not null,
  not_before timestamptz, -- null once it has ended
  attempts integer not null,
  result text, -- a JSON object
  created_at timestamptz not null,
  finished_at timestamptz
);

create index source_scans_due on source_scans (not_before) where not_before is not null;
create unique index source_scans_live on source_scans (source_id) where not_before is not null;
create index source_scans_of_source on source_scans (source_id);
create index source_scans_finished on source_scans (finished_at) where finished_at is not null;

-- What the last scan of each source found. A name that stays keeps its id.
create table tools (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  source_id uuid not null references sources (id) on delete cascade,
  name text not null,
  description text not null,
  type text not null,
  details text not null, -- a JSON object: what a list shows besides
  definition text not null,
  file text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  event_sequence bigint not null,
  search text not null generated always as (lower(name || chr(1) || description)) stored
) with (autovacuum_vacuum_insert_scale_factor = 0.02);

create unique index tools_of_source on tools (source_id, name);
create index tools_by_name on tools (organization_id, name) include (id);
create index tools_by_creation on tools (organization_id, created_at, id);
create index tools_by_update on tools (organization_id, updated_at, id);
create index tools_by_type on tools (organization_id, type);
create index tools_search on tools using gin (search gin_trgm_ops);

create trigger tools_inserted after insert on tools referencing new table as changed
  for each statement execute function count_changes();
create trigger tools_updated after update on tools referencing new table as changed
  for each statement execute function count_changes();
create trigger tools_deleted after delete on tools referencing old table as changed
  for each statement execute function count_changes();

create table workflows (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  source_id uuid not null references sources (id) on delete cascade,
  name text not null,
  description text not null,
  details text not null,
  definition text not null, -- the file's text
  file text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  event_sequence bigint not null,
  search text not null generated always as (lower(name || chr(1) || description)) stored
) with (autovacuum_vacuum_insert_scale_factor = 0.02);

create unique index workflows_of_source on workflows (source_id, name);
create index workflows_by_name on workflows (organization_id, name) include (id);
create index workflows_by_creation on workflows (organization_id, created_at, id);
create index workflows_by_update on workflows (organization_id, updated_at, id);
create index workflows_search on workflows using gin (search gin_trgm_ops);

create trigger workflows_inserted after insert on workflows referencing new table as changed
  for each statement execute function count_changes();
create trigger workflows_updated after update on workflows referencing new table as changed
  for each statement execute function count_changes();
create trigger workflows_deleted after delete on workflows referencing old table as changed
  for each statement execute function count_changes();
