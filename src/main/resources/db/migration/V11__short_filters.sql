-- The letters of a text and the pairs of them that stand side by side, as numbers. A filter of one or
-- two characters holds no trigram: it is found by these. Two pairs may share a number, so a row that
-- is found is still to be compared.
create function short_grams(text) returns integer[] language sql immutable strict parallel safe return (
  with letters as (
    select ascii(letter) as code, ascii(lead(letter) over (order by place)) as next
    from string_to_table($1, null) with ordinality as t (letter, place)
  )
  select array_agg(distinct gram)
  from letters, lateral (values (code), ((code << 16) # next)) as g (gram)
  where gram is not null
);

alter table agents
  add column grams integer[] generated always as (short_grams(lower(name || chr(1) || description))) stored;
create index agents_grams on agents using gin (grams);

alter table secrets
  add column grams integer[] generated always as (short_grams(lower(name))) stored;
create index secrets_grams on secrets using gin (grams);

alter table integrations
  add column grams integer[] generated always as (short_grams(lower(name))) stored;
create index integrations_grams on integrations using gin (grams);

alter table sources
  add column grams integer[] generated always as (short_grams(lower(name || chr(1) || description))) stored;
create index sources_grams on sources using gin (grams);

alter table tools
  add column grams integer[] generated always as (short_grams(lower(name || chr(1) || description))) stored;
create index tools_grams on tools using gin (grams);

alter table workflows
  add column grams integer[] generated always as (short_grams(lower(name || chr(1) || description))) stored;
create index workflows_grams on workflows using gin (grams);

alter table webhooks
  add column grams integer[] generated always as (short_grams(lower(name || chr(1) || destination))) stored;
create index webhooks_grams on webhooks using gin (grams);

alter table api_keys
  add column grams integer[] generated always as (short_grams(lower(name))) stored;
create index api_keys_grams on api_keys using gin (grams);
