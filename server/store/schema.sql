-- Rendered from the migrated database; see test/server/store-schema.test.ts.

create table audit (
  at timestamp with time zone not null,
  tenant_id text not null,
  id text not null,
  who text not null,
  what text not null,
  about jsonb not null,
  constraint audit_pkey PRIMARY KEY (tenant_id, id),
  constraint audit_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id) ON DELETE CASCADE
);
CREATE INDEX audit_time ON public.audit USING btree (tenant_id, at);
alter table audit enable row level security;
alter table audit force row level security;
create policy keeper_old on audit to stagewire using true with check false;
create policy web_own on audit to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on audit to stagewire_worker using true with check true;
grant insert, select on audit to stagewire_web;
grant insert, select on audit to stagewire_worker;

create table authorization_request (
  created_at timestamp with time zone not null,
  state_hash text not null,
  browser_hash text not null,
  provider text not null,
  purpose text not null,
  tenant_id text,
  person_id text,
  key_id text not null,
  ciphertext bytea not null,
  constraint authorization_request_pkey PRIMARY KEY (state_hash),
  constraint authorization_request_purpose_check CHECK ((purpose = ANY (ARRAY['install'::text, 'sign_in'::text, 'meta'::text])))
);
CREATE INDEX authorization_request_time ON public.authorization_request USING btree (created_at);
alter table authorization_request enable row level security;
alter table authorization_request force row level security;
create policy worker_every on authorization_request to stagewire_worker using true with check true;
grant delete, insert, select, update on authorization_request to stagewire_worker;

create table checkpoint (
  tenant_id text not null,
  connection_id text not null,
  body text not null,
  updated_at timestamp with time zone not null,
  constraint checkpoint_pkey PRIMARY KEY (tenant_id, connection_id)
) with (fillfactor=50);
alter table checkpoint enable row level security;
alter table checkpoint force row level security;
create policy web_own on checkpoint to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on checkpoint to stagewire_worker using true with check true;
grant select on checkpoint to stagewire_web;
grant delete, insert, select, update on checkpoint to stagewire_worker;

create table claimed_account (
  claimed_at timestamp with time zone not null,
  provider text not null,
  account_id text not null,
  tenant_id text not null,
  owner_id text not null,
  constraint claimed_account_pkey PRIMARY KEY (provider, account_id),
  constraint claimed_account_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id)
);
CREATE INDEX claimed_account_tenant ON public.claimed_account USING btree (tenant_id);
alter table claimed_account enable row level security;
alter table claimed_account force row level security;
create policy worker_every on claimed_account to stagewire_worker using true with check true;
grant delete, insert, select, update on claimed_account to stagewire_worker;

create table connection (
  tenant_id text not null,
  id text not null,
  connector text not null,
  account_id text not null,
  name text not null,
  config jsonb not null,
  dataset_id text,
  send_from timestamp with time zone,
  created_at timestamp with time zone not null,
  scopes text[] not null default '{}'::text[],
  sandbox boolean not null default false,
  connected_by text,
  disconnected_at timestamp with time zone,
  constraint connection_tenant_id_connector_account_id_key UNIQUE (tenant_id, connector, account_id),
  constraint connection_pkey PRIMARY KEY (tenant_id, id),
  constraint connection_tenant_id_dataset_id_fkey FOREIGN KEY (tenant_id, dataset_id) REFERENCES dataset(tenant_id, id),
  constraint connection_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id)
);
CREATE INDEX connection_account ON public.connection USING btree (connector, account_id);
CREATE INDEX connection_id ON public.connection USING btree (id);
alter table connection enable row level security;
alter table connection force row level security;
create policy web_own on connection to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on connection to stagewire_worker using true with check true;
grant insert, select, update on connection to stagewire_web;
grant delete, insert, select, update on connection to stagewire_worker;

create table dataset (
  tenant_id text not null,
  id text not null,
  meta_id text not null,
  name text not null,
  created_at timestamp with time zone not null,
  via text not null default 'pasted'::text,
  business_id text,
  access_ends_at timestamp with time zone,
  connected_by text,
  disconnected_at timestamp with time zone,
  constraint dataset_tenant_id_meta_id_key UNIQUE (tenant_id, meta_id),
  constraint dataset_pkey PRIMARY KEY (tenant_id, id),
  constraint dataset_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id),
  constraint dataset_via_check CHECK ((via = ANY (ARRAY['pasted'::text, 'login'::text])))
);
alter table dataset enable row level security;
alter table dataset force row level security;
create policy web_own on dataset to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on dataset to stagewire_worker using true with check true;
grant insert, select, update on dataset to stagewire_web;
grant delete, insert, select, update on dataset to stagewire_worker;

create table dead_event (
  seq bigint not null,
  at timestamp with time zone not null,
  code integer,
  subcode integer,
  tenant_id text not null,
  dataset_id text not null,
  reason text not null,
  words text,
  trace_id text,
  again_seq bigint,
  constraint dead_event_pkey PRIMARY KEY (tenant_id, dataset_id, seq)
);
CREATE INDEX dead_event_time ON public.dead_event USING btree (tenant_id, dataset_id, at);
alter table dead_event enable row level security;
alter table dead_event force row level security;
create policy web_own on dead_event to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on dead_event to stagewire_worker using true with check true;
grant select on dead_event to stagewire_web;
grant delete, insert, select, update on dead_event to stagewire_worker;

create table dispatch (
  id bigint not null,
  seq_from bigint not null,
  seq_to bigint not null,
  sent_at timestamp with time zone not null,
  events integer not null,
  took_ms integer not null,
  status integer,
  code integer,
  subcode integer,
  tenant_id text not null,
  dataset_id text not null,
  verdict text not null,
  why text,
  trace_id text,
  words text,
  constraint dispatch_pkey PRIMARY KEY (tenant_id, dataset_id, id, sent_at)
) partition by range (sent_at);
CREATE INDEX dispatch_sent ON ONLY public.dispatch USING btree (tenant_id, dataset_id, sent_at);
CREATE INDEX dispatch_unanswered ON ONLY public.dispatch USING btree (tenant_id, dataset_id, seq_to) WHERE (verdict = 'unknown'::text);
alter table dispatch enable row level security;
alter table dispatch force row level security;
create policy web_own on dispatch to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on dispatch to stagewire_worker using true with check true;
grant select on dispatch to stagewire_web;
grant delete, insert, select, update on dispatch to stagewire_worker;

create table erased (
  at timestamp with time zone not null,
  tenant_id text not null,
  connection_id text not null,
  record_hash text not null,
  constraint erased_pkey PRIMARY KEY (tenant_id, connection_id, record_hash),
  constraint erased_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id)
);
alter table erased enable row level security;
alter table erased force row level security;
create policy web_own on erased to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on erased to stagewire_worker using true with check true;
grant select on erased to stagewire_web;
grant delete, insert, select, update on erased to stagewire_worker;

create table inbox (
  seq bigint not null,
  received_at timestamp with time zone not null,
  tenant_id text not null,
  connection_id text not null,
  id text not null,
  object text not null,
  record_id text not null,
  pipeline_id text not null,
  stage_id text not null,
  entry text not null,
  body text,
  constraint inbox_pkey PRIMARY KEY (tenant_id, connection_id, id)
);
CREATE INDEX inbox_record ON public.inbox USING btree (tenant_id, connection_id, object, record_id);
CREATE INDEX inbox_waiting ON public.inbox USING btree (tenant_id, connection_id, seq) WHERE (body IS NOT NULL);
alter table inbox enable row level security;
alter table inbox force row level security;
create policy web_own on inbox to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on inbox to stagewire_worker using true with check true;
grant select on inbox to stagewire_web;
grant delete, insert, select, update on inbox to stagewire_worker;

create table ingest_key (
  created_at timestamp with time zone not null,
  used_at timestamp with time zone,
  ends_at timestamp with time zone,
  tenant_id text not null,
  connection_id text not null,
  id text not null,
  name text not null,
  key_hash text not null,
  created_by text not null,
  constraint ingest_key_pkey PRIMARY KEY (tenant_id, connection_id, id),
  constraint ingest_key_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id)
);
alter table ingest_key enable row level security;
alter table ingest_key force row level security;
create policy web_own on ingest_key to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on ingest_key to stagewire_worker using true with check true;
grant delete, insert, select, update on ingest_key to stagewire_web;
grant delete, insert, select, update on ingest_key to stagewire_worker;

create table install (
  created_at timestamp with time zone not null,
  id text not null,
  browser_hash text not null,
  provider text not null,
  account_id text not null,
  person_id text not null,
  tenant_id text,
  asked boolean not null,
  about jsonb not null,
  key_id text not null,
  ciphertext bytea not null,
  constraint install_pkey PRIMARY KEY (id),
  constraint install_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
);
CREATE INDEX install_time ON public.install USING btree (created_at);
alter table install enable row level security;
alter table install force row level security;
create policy worker_every on install to stagewire_worker using true with check true;
grant delete, insert, select, update on install to stagewire_worker;

create table invitation (
  created_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  tenant_id text not null,
  id text not null,
  mail text not null,
  role text not null,
  token_hash text not null,
  invited_by text not null,
  constraint invitation_pkey PRIMARY KEY (tenant_id, id),
  constraint invitation_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id),
  constraint invitation_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'viewer'::text])))
);
CREATE INDEX invitation_token ON public.invitation USING btree (token_hash);
alter table invitation enable row level security;
alter table invitation force row level security;
create policy web_own on invitation to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on invitation to stagewire_worker using true with check true;
grant delete, insert, select, update on invitation to stagewire_web;
grant delete, insert, select, update on invitation to stagewire_worker;

create table lane (
  next_seq bigint not null default 1,
  cursor_seq bigint not null default 0,
  dispatches bigint not null default 0,
  lease_token bigint not null default 0,
  due_at timestamp with time zone,
  lease_until timestamp with time zone,
  moved_at timestamp with time zone,
  attempts integer not null default 0,
  tenant_id text not null,
  kind text not null,
  id text not null,
  paused_reason text,
  why text,
  unsure_since timestamp with time zone,
  unsure_seq bigint,
  waiting_since timestamp with time zone,
  kept_at timestamp with time zone,
  constraint lane_pkey PRIMARY KEY (tenant_id, kind, id),
  constraint lane_check CHECK ((cursor_seq < next_seq)),
  constraint lane_kind_check CHECK ((kind = ANY (ARRAY['read'::text, 'send'::text, 'upkeep'::text])))
) with (fillfactor=50);
CREATE INDEX lane_due ON public.lane USING btree (kind, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX lane_troubled ON public.lane USING btree (tenant_id) WHERE (why IS NOT NULL);
alter table lane enable row level security;
alter table lane force row level security;
create policy web_own on lane to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on lane to stagewire_worker using true with check true;
grant insert, select, update on lane to stagewire_web;
grant delete, insert, select, update on lane to stagewire_worker;

create table mail (
  created_at timestamp with time zone not null,
  due_at timestamp with time zone,
  sent_at timestamp with time zone,
  attempts integer not null default 0,
  tenant_id text not null,
  id text not null,
  problem_id text not null,
  occasion text not null,
  recipient text not null,
  subject text not null,
  body text not null,
  why text,
  constraint mail_tenant_id_problem_id_occasion_recipient_key UNIQUE (tenant_id, problem_id, occasion, recipient),
  constraint mail_pkey PRIMARY KEY (tenant_id, id),
  constraint mail_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id),
  constraint mail_tenant_id_problem_id_fkey FOREIGN KEY (tenant_id, problem_id) REFERENCES problem(tenant_id, id)
);
CREATE INDEX mail_due ON public.mail USING btree (due_at) WHERE (due_at IS NOT NULL);
alter table mail enable row level security;
alter table mail force row level security;
create policy web_own on mail to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on mail to stagewire_worker using true with check true;
grant select on mail to stagewire_web;
grant delete, insert, select, update on mail to stagewire_worker;

create table member (
  joined_at timestamp with time zone not null,
  tenant_id text not null,
  person_id text not null,
  role text not null,
  constraint member_pkey PRIMARY KEY (tenant_id, person_id),
  constraint member_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint member_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id),
  constraint member_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'viewer'::text])))
);
CREATE INDEX member_person ON public.member USING btree (person_id);
alter table member enable row level security;
alter table member force row level security;
create policy web_own on member to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on member to stagewire_worker using true with check true;
grant delete, insert, select, update on member to stagewire_web;
grant delete, insert, select, update on member to stagewire_worker;

create table outbox (
  seq bigint not null,
  event_time timestamp with time zone not null,
  created_at timestamp with time zone not null,
  again_of bigint,
  place integer not null,
  asides smallint not null default 0,
  tenant_id text not null,
  dataset_id text not null,
  connection_id text not null,
  record text not null,
  payload text not null,
  constraint outbox_pkey PRIMARY KEY (tenant_id, dataset_id, seq, created_at)
) partition by range (created_at);
alter table outbox enable row level security;
alter table outbox force row level security;
create policy web_own on outbox to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on outbox to stagewire_worker using true with check true;
grant select on outbox to stagewire_web;
grant delete, insert, select, update on outbox to stagewire_worker;

create table person (
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  id text not null,
  issuer text not null,
  subject text not null,
  name text,
  mail text,
  constraint person_issuer_subject_key UNIQUE (issuer, subject),
  constraint person_pkey PRIMARY KEY (id)
);
alter table person enable row level security;
alter table person force row level security;
create policy worker_every on person to stagewire_worker using true with check true;
grant delete, insert, select, update on person to stagewire_worker;

create table problem (
  affected bigint not null,
  opened_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  deadline_at timestamp with time zone,
  tenant_id text not null,
  id text not null,
  cause text not null,
  code text not null,
  about text,
  details jsonb not null,
  constraint problem_pkey PRIMARY KEY (tenant_id, id),
  constraint problem_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id)
);
CREATE UNIQUE INDEX problem_open ON public.problem USING btree (tenant_id, cause) WHERE (closed_at IS NULL);
CREATE INDEX problem_time ON public.problem USING btree (tenant_id, opened_at);
alter table problem enable row level security;
alter table problem force row level security;
create policy web_own on problem to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on problem to stagewire_worker using true with check true;
grant select on problem to stagewire_web;
grant delete, insert, select, update on problem to stagewire_worker;
grant update (details) on problem to stagewire_web;

create table receipt (
  at timestamp with time zone not null,
  id text not null,
  what text not null,
  about jsonb not null,
  constraint receipt_pkey PRIMARY KEY (id)
);
alter table receipt enable row level security;
alter table receipt force row level security;
create policy worker_every on receipt to stagewire_worker using true with check true;
grant delete, insert, select, update on receipt to stagewire_worker;

create table reconciliation (
  seen bigint not null,
  missed bigint not null,
  accepted bigint not null,
  waiting bigint not null,
  refused bigint not null,
  checked_at timestamp with time zone not null,
  missed_at timestamp with time zone,
  day date not null,
  tenant_id text not null,
  connection_id text not null,
  not_sent jsonb not null,
  constraint reconciliation_pkey PRIMARY KEY (tenant_id, connection_id, day),
  constraint reconciliation_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id)
);
CREATE INDEX reconciliation_missed ON public.reconciliation USING btree (missed_at) WHERE (missed_at IS NOT NULL);
alter table reconciliation enable row level security;
alter table reconciliation force row level security;
create policy web_own on reconciliation to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on reconciliation to stagewire_worker using true with check true;
grant select on reconciliation to stagewire_web;
grant delete, insert, select, update on reconciliation to stagewire_worker;

create table record_stage (
  entered_at timestamp with time zone not null,
  read_at timestamp with time zone not null,
  seq bigint,
  place integer not null,
  mapping_version integer not null,
  filled boolean not null,
  tenant_id text not null,
  connection_id text not null,
  record text not null,
  pipeline_id text not null,
  stage_id text not null,
  entry text not null,
  time_quality text not null,
  outcome text not null,
  dataset_id text,
  constraint record_stage_pkey PRIMARY KEY (tenant_id, connection_id, record, place)
);
CREATE INDEX record_stage_not_mapped ON public.record_stage USING btree (tenant_id, connection_id, read_at) WHERE (outcome = 'stage_not_mapped'::text);
CREATE INDEX record_stage_not_sent ON public.record_stage USING btree (tenant_id, read_at) WHERE (outcome <> 'event'::text);
CREATE INDEX record_stage_read ON public.record_stage USING brin (tenant_id, read_at);
alter table record_stage enable row level security;
alter table record_stage force row level security;
create policy web_own on record_stage to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on record_stage to stagewire_worker using true with check true;
grant select on record_stage to stagewire_web;
grant delete, insert, select, update on record_stage to stagewire_worker;

create table ring (
  seq bigint not null,
  tenant_id text not null,
  connection_id text not null,
  object text not null,
  record_id text not null,
  constraint ring_pkey PRIMARY KEY (tenant_id, connection_id, object, record_id)
);
CREATE INDEX ring_order ON public.ring USING btree (tenant_id, connection_id, seq);
alter table ring enable row level security;
alter table ring force row level security;
create policy web_own on ring to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on ring to stagewire_worker using true with check true;
grant delete, insert, select, update on ring to stagewire_worker;

create table saved_view (
  created_at timestamp with time zone not null,
  tenant_id text not null,
  id text not null,
  name text not null,
  filter jsonb not null,
  created_by text not null,
  constraint saved_view_tenant_id_name_key UNIQUE (tenant_id, name),
  constraint saved_view_pkey PRIMARY KEY (tenant_id, id),
  constraint saved_view_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id)
);
alter table saved_view enable row level security;
alter table saved_view force row level security;
create policy web_own on saved_view to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on saved_view to stagewire_worker using true with check true;
grant delete, insert, select on saved_view to stagewire_web;
grant delete, insert, select, update on saved_view to stagewire_worker;

create table secret (
  tenant_id text not null,
  owner_id text not null,
  kind text not null,
  generation bigint not null,
  key_id text not null,
  ciphertext bytea not null,
  updated_at timestamp with time zone not null,
  lease_until timestamp with time zone,
  constraint secret_pkey PRIMARY KEY (tenant_id, owner_id, kind),
  constraint secret_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id)
);
alter table secret enable row level security;
alter table secret force row level security;
create policy web_own on secret to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on secret to stagewire_worker using true with check true;
grant delete, insert, select, update on secret to stagewire_worker;

create table session (
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  token_hash text not null,
  person_id text not null,
  tenant_id text,
  constraint session_pkey PRIMARY KEY (token_hash),
  constraint session_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
);
CREATE INDEX session_end ON public.session USING btree (ends_at);
CREATE INDEX session_person ON public.session USING btree (person_id);
alter table session enable row level security;
alter table session force row level security;
create policy worker_every on session to stagewire_worker using true with check true;
grant delete, insert, select, update on session to stagewire_worker;

create table setup_mark (
  at timestamp with time zone not null,
  tenant_id text not null,
  connection_id text not null,
  mark text not null,
  how text not null,
  who text not null,
  constraint setup_mark_pkey PRIMARY KEY (tenant_id, connection_id, mark),
  constraint setup_mark_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id),
  constraint setup_mark_how_check CHECK ((how = ANY (ARRAY['done'::text, 'skipped'::text])))
);
alter table setup_mark enable row level security;
alter table setup_mark force row level security;
create policy web_own on setup_mark to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on setup_mark to stagewire_worker using true with check true;
grant delete, insert, select, update on setup_mark to stagewire_web;
grant delete, insert, select, update on setup_mark to stagewire_worker;

create table stage_mapping (
  tenant_id text not null,
  connection_id text not null,
  version integer not null,
  body jsonb not null,
  saved_at timestamp with time zone not null,
  saved_by text not null,
  constraint stage_mapping_pkey PRIMARY KEY (tenant_id, connection_id, version),
  constraint stage_mapping_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id)
);
alter table stage_mapping enable row level security;
alter table stage_mapping force row level security;
create policy web_own on stage_mapping to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on stage_mapping to stagewire_worker using true with check true;
grant insert, select on stage_mapping to stagewire_web;
grant delete, insert, select, update on stage_mapping to stagewire_worker;

create table tally (
  n bigint not null,
  day date not null,
  tenant_id text not null,
  connection_id text not null,
  outcome text not null,
  constraint tally_pkey PRIMARY KEY (tenant_id, connection_id, day, outcome)
) with (fillfactor=50);
CREATE INDEX tally_not_mapped ON public.tally USING btree (tenant_id, day) WHERE (outcome = 'stage_not_mapped'::text);
alter table tally enable row level security;
alter table tally force row level security;
create policy web_own on tally to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on tally to stagewire_worker using true with check true;
grant select on tally to stagewire_web;
grant delete, insert, select, update on tally to stagewire_worker;

create table task (
  started_at timestamp with time zone not null,
  moved_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  due_at timestamp with time zone,
  done bigint not null,
  total bigint,
  tenant_id text not null,
  id text not null,
  kind text not null,
  about text not null,
  state text not null,
  who text,
  why text,
  result jsonb not null,
  cursor jsonb not null,
  stood_ms bigint not null default 0,
  constraint task_pkey PRIMARY KEY (tenant_id, id),
  constraint task_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id),
  constraint task_kind_check CHECK ((kind = ANY (ARRAY['baseline'::text, 'backfill'::text, 'redrive'::text, 'erase_person'::text, 'erase_workspace'::text]))),
  constraint task_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'stopped'::text, 'failed'::text])))
);
CREATE INDEX task_due ON public.task USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX task_ended ON public.task USING btree (tenant_id, ended_at);
CREATE UNIQUE INDEX task_running ON public.task USING btree (tenant_id, about) WHERE (state = 'running'::text);
alter table task enable row level security;
alter table task force row level security;
create policy web_own on task to stagewire_web using (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on task to stagewire_worker using true with check true;
grant insert, select on task to stagewire_web;
grant delete, insert, select, update on task to stagewire_worker;
grant update (due_at, ended_at, state) on task to stagewire_web;

create table tenant (
  id text not null,
  name text not null,
  event_key text not null,
  default_country text,
  allowed_keys text[] not null,
  created_at timestamp with time zone not null,
  alert_to text[] not null default '{}'::text[],
  ends_at timestamp with time zone,
  settings_version integer not null default 1,
  constraint tenant_pkey PRIMARY KEY (id)
);
alter table tenant enable row level security;
alter table tenant force row level security;
create policy web_own on tenant to stagewire_web using (id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text)) with check (id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text));
create policy worker_every on tenant to stagewire_worker using true with check true;
grant delete, insert, select, update on tenant to stagewire_worker;
grant select (alert_to, allowed_keys, created_at, default_country, ends_at, id, name, settings_version) on tenant to stagewire_web;
grant update (alert_to, allowed_keys, default_country, name, settings_version) on tenant to stagewire_web;
