-- Keys become a resource: they are listed, changed by their use, and deleted to revoke them.
alter table api_keys
  add column updated_at timestamptz not null default now(),
  add column version integer not null default 0,
  add column event_sequence bigint not null default 0,
  add column search text not null generated always as (lower(name)) stored,
  -- What the key may reach, as 'agents tools:read'; empty = all that its role may.
  add column scope text not null default '',
  -- The runner that a key of the role RUNNER belongs to.
  add column runner text,
  -- To the minute.
  add column last_used_at timestamptz,
  -- Made at the start from the settings, and replaced there when the setting changes.
  add column seeded boolean not null default false;

delete from api_keys where revoked_at is not null;
alter table api_keys drop column revoked_at;
update api_keys set seeded = true where name = 'admin';

create index api_keys_by_creation on api_keys (organization_id, created_at, id);
create index api_keys_by_update on api_keys (organization_id, updated_at, id);
create index api_keys_by_sort on api_keys (organization_id, name, id);
create index api_keys_by_runner on api_keys (organization_id, runner) where runner is not null;
create index api_keys_search on api_keys using gin (search gin_trgm_ops);

create trigger api_keys_inserted after insert on api_keys
  referencing new table as changed for each statement execute function count_changes();
create trigger api_keys_updated after update on api_keys
  referencing new table as changed for each statement execute function count_changes();
create trigger api_keys_deleted after delete on api_keys
  referencing old table as changed for each statement execute function count_changes();
