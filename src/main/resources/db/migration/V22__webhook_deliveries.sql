alter table webhooks
  add column status text not null default 'active', -- or disabled, of a subscription
  add column status_reason text,
  add column ordered boolean not null default false,
  add column former_secret bytea, -- the one before the rotation, encrypted
  add column former_key_id bigint,
  add column former_until timestamptz;

-- Up to which event deliveries are planned; one row. Whoever plans locks it.
create table webhook_cursor (position bigint not null);
insert into webhook_cursor select coalesce(max(position), 0) from events;

-- Where an organization's deliveries go, as host:port. One process at a time sends there.
create table webhook_destinations (
  organization_id uuid not null,
  name text not null,
  next_at timestamptz, -- when somebody has to look; null = not until there is something new
  owner uuid, -- the process that sends there
  owned_until timestamptz,
  failures integer not null default 0, -- in a row
  open_until timestamptz, -- the circuit is open until then
  primary key (organization_id, name)
);
create index webhook_destinations_due on webhook_destinations (next_at) where next_at is not null;

-- What subscriptions get, by the position of the event.
create table webhook_deliveries (
  position bigint not null,
  webhook_id uuid not null,
  organization_id uuid not null,
  type text not null,
  subject text not null,
  payload text not null, -- a JSON object, as it is sent
  destination text not null,
  status text not null, -- pending, delivered, failed
  reason text, -- of the status
  planned_at timestamptz not null default now(),
  -- When it is tried; of one under way, when it is if nothing is told of it; null once it has ended.
  next_at timestamptz,
  until timestamptz not null, -- then it has failed
  tries integer not null default 0, -- since it was planned, or last asked for
  attempts integer not null default 0, -- in all
  ended_at timestamptz,
  primary key (position, webhook_id)
) partition by range (position);

create index webhook_deliveries_due on webhook_deliveries (organization_id, destination, next_at)
  where next_at is not null;
create index webhook_deliveries_open on webhook_deliveries (webhook_id, subject, position)
  where next_at is not null;
create index webhook_deliveries_late on webhook_deliveries (until) where next_at is not null;
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, position desc);

-- What became of each attempt that somebody lived to tell of.
create table webhook_attempts (
  position bigint not null,
  webhook_id uuid not null,
  number integer not null,
  started_at timestamptz not null,
  took_ms integer not null,
  url text not null,
  address text, -- that it was connected to
  status integer, -- of the answer; null = there was none
  headers text not null, -- a JSON object: a few of the answer's
  body text, -- how the answer begins
  error text,
  primary key (position, webhook_id, number)
) partition by range (position);

-- Cut where the events are.
do $$
declare
  part record;
  cut text;
begin
  foreach cut in array array['webhook_deliveries', 'webhook_attempts'] loop
    for part in
      select regexp_replace(c.relname, '^events_', cut || '_') as name,
        pg_get_expr(c.relpartbound, c.oid) as bounds
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'events'::regclass
    loop
      execute format('create table %I partition of %I %s', part.name, cut, part.bounds);
    end loop;
  end loop;
end $$;
