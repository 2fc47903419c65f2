-- Replays go to a topic or to a webhook, and may fail.
alter table event_replays
  alter column topic drop not null,
  add column webhook_id uuid,
  add column error text, -- why it has ended before all was told
  add check ((topic is null) <> (webhook_id is null));
