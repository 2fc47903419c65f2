-- Files that steps have kept. Those below a limit lie here, in pieces that are read and written one
-- at a time; of the others only that they are in the object store.
create table artifacts (
  execution_id uuid not null,
  step integer not null,
  attempt integer not null,
  path text not null,
  size bigint not null,
  sha256 bytea not null,
  executable boolean not null,
  -- Null: here, in pieces.
  store_key text,
  -- Null: not whole yet.
  kept_at timestamptz,
  primary key (execution_id, step, attempt, path)
) partition by range (execution_id);

create table artifact_pieces (
  execution_id uuid not null,
  step integer not null,
  attempt integer not null,
  path text not null,
  number integer not null,
  bytes bytea not null,
  primary key (execution_id, step, attempt, path, number)
) partition by range (execution_id);

-- Many are compressed already.
alter table artifact_pieces alter column bytes set storage external;

-- Cut where the executions are.
do $$
declare
  part record;
  cut text;
begin
  foreach cut in array array['artifacts', 'artifact_pieces'] loop
    for part in
      select replace(c.relname, 'executions_', cut || '_') as name,
        pg_get_expr(c.relpartbound, c.oid) as bounds
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'executions'::regclass
    loop
      execute format('create table %I partition of %I %s', part.name, cut, part.bounds);
    end loop;
  end loop;
end $$;
