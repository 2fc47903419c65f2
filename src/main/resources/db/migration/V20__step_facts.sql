-- What is known of a step beside its state, as JSON: attempts that the platform has ended, when the
-- attempt came how far before it began, and what it waits for. Null where that is nothing.
alter table execution_steps add column facts text;
