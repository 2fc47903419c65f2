-- Lists show what callers have started, and every execution of a tool, whoever has called it.
drop index executions_by_organization;
drop index executions_by_status;
drop index executions_by_name;
create index executions_by_organization on executions (organization_id, kind, id desc)
  where parent_id is null or kind = 'TOOL';
create index executions_by_status on executions (organization_id, kind, status, id desc)
  where parent_id is null or kind = 'TOOL';
create index executions_by_name on executions (organization_id, kind, name, id desc)
  where parent_id is null or kind = 'TOOL';
