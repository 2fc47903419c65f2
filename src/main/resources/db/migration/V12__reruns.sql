-- The execution whose completed steps were taken over; it may be gone by now.
alter table executions add column rerun_of uuid;
