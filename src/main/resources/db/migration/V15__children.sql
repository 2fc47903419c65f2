-- An execution that does a step of another one: a workflow that the step runs, or its several items.
alter table executions
  add column parent_id uuid, -- null = nobody's
  add column parent_step integer,
  add column parent_attempt integer,
  add column depth integer not null default 0; -- how many are above it

alter table execution_steps
  add column child_id uuid; -- the execution that does it; null = a runner, a person or nobody

create index execution_steps_delegated on execution_steps (execution_id, index)
  where child_id is not null and status = 'running';
create index executions_by_parent on executions (parent_id, id) where parent_id is not null;

-- Lists show what callers have started.
drop index executions_by_organization;
drop index executions_by_status;
drop index executions_by_name;
create index executions_by_organization on executions (organization_id, kind, id desc)
  where parent_id is null;
create index executions_by_status on executions (organization_id, kind, status, id desc)
  where parent_id is null;
create index executions_by_name on executions (organization_id, kind, name, id desc)
  where parent_id is null;
