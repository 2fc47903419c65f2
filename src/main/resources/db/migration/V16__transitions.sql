-- Every move of an execution that keeps a trace, and of its steps, in their order.
create table execution_transitions (
  execution_id uuid not null references executions (id) on delete cascade,
  number bigint generated always as identity,
  step integer, -- null = the execution itself
  attempt integer not null,
  before text, -- a status; null = it was accepted
  after text not null,
  happened_at timestamptz not null default now(),
  primary key (execution_id, number)
);
