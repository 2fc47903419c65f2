-- What is kept of executions lies in partitions by the time in their ids, so that what is old goes
-- with its partition and costs nothing. All tables are cut at the same ids.

-- The least id of version 7 of that time.
create function first_id(at timestamptz) returns uuid language sql immutable as $$
  select (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7000-8000-000000000000')::uuid
  from (select lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') as h) hex
$$;

drop view step_keys;

alter table executions rename to executions_first;
alter index executions_pkey rename to executions_first_pkey;
alter index executions_awake rename to executions_first_awake;
alter index executions_limited rename to executions_first_limited;
alter index executions_queued rename to executions_first_queued;
alter index executions_by_parent rename to executions_first_by_parent;
alter index executions_by_organization rename to executions_first_by_organization;
alter index executions_by_status rename to executions_first_by_status;
alter index executions_by_name rename to executions_first_by_name;

alter table execution_steps rename to execution_steps_first;
alter index execution_steps_pkey rename to execution_steps_first_pkey;
alter index execution_steps_delegated rename to execution_steps_first_delegated;

alter table execution_transitions rename to execution_transitions_first;
alter index execution_transitions_pkey rename to execution_transitions_first_pkey;
alter table execution_transitions_first
  drop constraint execution_transitions_execution_id_fkey,
  alter column number drop identity;
create sequence execution_transitions_number;
select setval('execution_transitions_number', coalesce(max(number), 0) + 1, false)
  from execution_transitions_first;
alter table execution_transitions_first
  alter column number set default nextval('execution_transitions_number');

alter table log_chunks rename to log_chunks_first;
alter index log_chunks_pkey rename to log_chunks_first_pkey;

alter table log_attempts rename to log_attempts_first;
alter index log_attempts_pkey rename to log_attempts_first_pkey;

create table executions (
  like executions_first including defaults including storage, primary key (id)
) partition by range (id);
create table execution_steps (
  like execution_steps_first including defaults including storage,
  primary key (execution_id, index)
) partition by range (execution_id);
create table execution_transitions (
  like execution_transitions_first including defaults including storage,
  primary key (execution_id, number)
) partition by range (execution_id);
create table log_chunks (
  like log_chunks_first including defaults including storage,
  primary key (execution_id, first_offset)
) partition by range (execution_id);
create table log_attempts (
  like log_attempts_first including defaults including storage,
  primary key (execution_id, step, attempt)
) partition by range (execution_id);

-- What the engine looks for: only executions that are still alive.
create index executions_awake on executions (wake_at) where wake_at is not null;
create index executions_limited on executions (organization_id)
  where limits is not null and completed_at is null;
create index executions_queued on executions (organization_id, limits, priority desc, id)
  where status = 'queued' and admitted_at is null;
create index executions_by_parent on executions (parent_id, id) where parent_id is not null;
create index execution_steps_delegated on execution_steps (execution_id, index)
  where child_id is not null and status = 'running';
-- Lists show what callers have started.
create index executions_by_organization on executions (organization_id, kind, id desc)
  where parent_id is null;
create index executions_by_status on executions (organization_id, kind, status, id desc)
  where parent_id is null;
create index executions_by_name on executions (organization_id, kind, name, id desc)
  where parent_id is null;

-- The rest is cut by who keeps it; what lies in no partition, as log lines of no execution that
-- there is, is caught by the default ones.
do $$
declare
  bound uuid := first_id(date_trunc('day', now()) + interval '8 days');
  cut record;
begin
  for cut in
    select * from (values ('executions'), ('execution_steps'), ('execution_transitions'),
      ('log_chunks'), ('log_attempts')) as tables (name)
  loop
    execute format('alter table %I attach partition %I for values from (minvalue) to (%L)',
      cut.name, cut.name || '_first', bound);
    execute format('create table %I partition of %I default', cut.name || '_default', cut.name);
  end loop;
end $$;

-- A token is its key while its attempt is under way, and nothing at any other time.
create view step_keys as
  select t.token_hash, k.id, k.organization_id, k.name, k.role, k.scope, k.runner,
    least(k.expires_at, t.expires_at) as expires_at
  from step_tokens t
  join api_keys k on k.id = t.api_key_id
  join execution_steps s on s.execution_id = t.execution_id and s.index = t.step
    and s.attempt = t.attempt and s.status in ('queued', 'running');
