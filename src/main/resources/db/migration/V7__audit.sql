-- Who changed what, written with the change. Never updated.
create table audit (
  id uuid not null,
  organization_id uuid not null,
  at timestamptz not null default now(),
  actor_id uuid, -- the API key; null = Gantry itself
  actor_name text not null,
  action text not null, -- <kind>.<what was done>
  resource_kind text not null,
  resource_id text not null, -- as the API shows it
  resource_name text not null,
  request_id text not null,
  detail text not null default '{}', -- a JSON object
  primary key (organization_id, at, id)
);

create index audit_by_actor on audit (organization_id, actor_name, at, id);
create index audit_by_action on audit (organization_id, action, at, id);
create index audit_by_resource on audit (organization_id, resource_id, at, id);
