-- Where in a trace the request was that asked for the execution (W3C Trace Context); null = nowhere.
alter table executions add traceparent text;
