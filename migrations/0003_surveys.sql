-- Surveys: their definition, what was answered, and who took part.
insert into schema_versions (version) values (3);

create table surveys (
  id text primary key,
  name text not null,
  questions text not null,
  anonymous integer not null check (anonymous in (0, 1)),
  smallest_group integer not null,
  closes_at bigint,
  closed_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  created_by text not null
);

-- One response a person; its id is a keyed digest that only the person's link leads to. Of an anonymous survey it has no contact,
-- and the day instead of the moment.
create table survey_responses (
  id text primary key,
  survey_id text not null,
  contact_id text,
  answered_at bigint not null
);
create index survey_responses_survey on survey_responses (survey_id, id);
create index survey_responses_contact on survey_responses (contact_id) where contact_id is not null;

create table survey_answers (
  response_id text not null,
  question_id text not null,
  survey_id text not null,
  value text not null,
  primary key (response_id, question_id)
);
create index survey_answers_survey on survey_answers (survey_id, question_id);

-- Who has answered, for the one reminder: another keyed digest, which does not lead to the answers.
create table survey_participants (person text primary key, survey_id text not null);

-- Which survey a mailing invites to; after how many days it reminds; and of which mailing this one is the reminder.
alter table mailings add column survey_id text;
alter table mailings add column remind_days integer;
alter table mailings add column reminds text;
create index mailings_survey on mailings (survey_id) where survey_id is not null;
create index mailings_reminding on mailings (started_at) where remind_days is not null and reminds is null;
