"""What a resident may try in raw SQL: `me` against the question `q` (brief `b`) that `them` asked; `mine` is hers."""

PAPER = (
    "INSERT INTO app.paper (id, subject, step, kind, institution, code, dated, earlier, state, standing, ordered_at,"
    " kek, wrapped, file_key, content)"
)
DRAWN = (
    "'DECISION', (SELECT id FROM app.institution LIMIT 1), '2345678923456789', now(), 'VALID', 'PENDING', 'VALID',"
    " app.clock(), 'x', '', '', ''"
)
APPLY = (
    "INSERT INTO app.application (id, kind, applicant, institution, receipt, parties, matter, urgent, submitted_at,"
    " state, seq, body, moved_at) SELECT gen_random_uuid(),"
)
SOMEWHERE = "FROM app.institution LIMIT 1"
NOT_A_RESIDENTS_TO_DO = [
    # Channels are the staff's, and who came by one is nobody's to see, her own way of coming included.
    "INSERT INTO app.outreach_channel (id, code, path, kind, name, office, until, made_at, version, changed_at,"
    " changed_by) SELECT id, '23456789ABCD', ARRAY[id], 'EVENT', '集市', '某局', 'infinity', app.clock(),"
    " 1, app.clock(), :me FROM app.person",
    "INSERT INTO app.outreach_target VALUES (:nowhere, 'SCAN', 9, now(), now(), app.clock(), :me)",
    "INSERT INTO app.outreach_day VALUES (:nowhere, now(), 'SCAN', 9)",
    "UPDATE app.outreach_day SET n = 9",
    "SELECT 1 FROM app.outreach_touch WHERE person = :me",
    "INSERT INTO app.outreach_touch SELECT id, id, id, NULL, now(), 'infinity', '{}' FROM app.person",
    "UPDATE app.outreach_touch SET person = :me",
    "INSERT INTO app.outreach_code SELECT code, 'SHEET', 'READY', NULL, 'x', NULL, now() FROM app.outreach_channel",
    "UPDATE app.outreach_code SET body = 'x'",
    "SELECT 1 FROM door.channel_to_print(:nowhere)",
    "DELETE FROM app.outreach_touch",
    "SELECT door.touch_reached(ARRAY(SELECT id FROM app.person), 'SATISFIED')",
    "SELECT door.give_up_touches(:them)",
    # Making oneself a reader, and what only triggers write.
    "INSERT INTO app.reader (subject, person, basis, since) VALUES (:q, :me, 'asker', now())",
    "INSERT INTO app.reader (subject, person, basis, since) VALUES (:mine, :them, 'asker', now())",
    "UPDATE app.reader SET until = 'infinity' WHERE person = :me",
    "UPDATE app.reader SET person = :me",
    "DELETE FROM app.reader WHERE subject = :mine",
    # Texts and keys, one's own included: what was said stays said.
    "INSERT INTO app.question VALUES (gen_random_uuid(), :them, 'x', 'x', 'OPEN', now(), 1, '')",
    "UPDATE app.question SET asker = :me WHERE id = :q",
    "UPDATE app.question SET body = '' WHERE id = :mine",
    "UPDATE app.question SET asked_at = now() WHERE id = :mine",
    "DELETE FROM app.question WHERE id = :mine",
    "INSERT INTO app.brief VALUES (gen_random_uuid(), :q, '')",
    "UPDATE app.brief SET question = :mine",
    "INSERT INTO app.key VALUES (:q, 'mine', '')",  # denied before the unique check: no oracle
    "INSERT INTO app.key VALUES (:b, 'mine', '')",
    "INSERT INTO app.key VALUES (:nowhere, 'mine', '')",
    "UPDATE app.key SET wrapped = '' WHERE subject = :mine",
    "DELETE FROM app.key WHERE subject = :mine",
    "SELECT 1 FROM app.key WHERE subject = :mine FOR UPDATE",
    # The ledger is only ever added to, by who reads and about what she reads.
    "INSERT INTO app.access VALUES (:q, :me, 1, 'seat', now())",
    "INSERT INTO app.access VALUES (:mine, :them, 1, 'seat', now())",
    "UPDATE app.access SET person = :me",
    "DELETE FROM app.access WHERE subject = :mine",
    # What lawyers compete over.
    "INSERT INTO app.dispatch VALUES (:q, :b, 'x', 'x', 1, now())",
    "UPDATE app.dispatch SET wave = 3 WHERE question = :mine",
    "UPDATE app.dispatch SET closed_at = NULL",
    "SELECT 1 FROM app.dispatch FOR UPDATE",
    "INSERT INTO app.offer VALUES (:mine, :me, :me, 'LOCAL', 0, now(), 'infinity', NULL, '{}')",
    "INSERT INTO app.offer VALUES (:q, :me, :me, 'LOCAL', 0, now(), 'infinity', NULL, '{}')",
    "UPDATE app.offer SET until = 'infinity'",
    "INSERT INTO app.seat (id, question, lawyer, firm, local, place, claimed_at, lease_until)"
    " VALUES (gen_random_uuid(), :q, :me, :me, true, 5, now(), now())",
    "INSERT INTO app.seat (id, question, lawyer, firm, local, place, claimed_at, lease_until)"
    " VALUES (gen_random_uuid(), :mine, :me, :me, true, 5, now(), now())",
    "UPDATE app.seat SET lawyer = :me",
    "UPDATE app.seat SET counts = true",
    "INSERT INTO app.answer VALUES (gen_random_uuid(), :q, :me, now(), true, '')",
    "INSERT INTO app.answer VALUES (gen_random_uuid(), :mine, :me, now(), true, '')",
    "UPDATE app.answer SET content = ''",
    "INSERT INTO app.answer_draft VALUES (:q, :me, '', now())",
    # Who works for an institution.
    "INSERT INTO app.post VALUES (:me, gen_random_uuid(), 'SUPERVISOR', 'x', now(), 'infinity')",
    "UPDATE app.post SET until = 'infinity'",
    "DELETE FROM app.post",
    # Applications: making one for another, making a step that is not hers, changing one that was made.
    f"{APPLY} 'LEGAL_AID', :them, id, 'x', '{{}}', 'x', false, app.clock(), 'NEW', 0, '', app.clock() {SOMEWHERE}",
    f"{APPLY} 'LEGAL_AID', :me, id, 'x', '{{}}', 'x', false, app.clock(), 'GRANTED', 9, '', app.clock() {SOMEWHERE}",
    f"{APPLY} 'MEDIATION', NULL, id, 'x', '{{}}', 'x', false, app.clock(), 'NEW', 0, '', app.clock() {SOMEWHERE}",
    "UPDATE app.application SET state = 'GRANTED'",
    "DELETE FROM app.application",
    "UPDATE app.application_step SET reason = NULL",
    "DELETE FROM app.application_step",
    "INSERT INTO app.assignment (id, application, lawyer, kind, matter, state, offered_at, due_at)"
    " VALUES (gen_random_uuid(), :nowhere, :me, 'LEGAL_AID', 'x', 'ACCEPTED', now(), now())",
    "UPDATE app.assignment SET lawyer = :me",
    "UPDATE app.application_draft SET person = :them",
    "INSERT INTO app.application_kind VALUES ('SEIZURE', 'LAW_FIRM', '{}')",
    "UPDATE app.application_kind SET institution = 'LAW_FIRM'",
    "INSERT INTO app.application_move VALUES ('LEGAL_AID', 'SEIZE', 'SUBMITTED', 'GRANTED', 'APPLICANT')",
    # Papers: ordering one of a step that is not hers, of one that was made before, changing one, reading what waits.
    f"{PAPER} VALUES (gen_random_uuid(), :q, :nowhere, {DRAWN})",
    f"{PAPER} VALUES (gen_random_uuid(), :mine, :mine, {DRAWN})",
    f"{PAPER} SELECT gen_random_uuid(), :mine, gen_random_uuid(), {DRAWN}",
    "UPDATE app.paper SET standing = 'VALID'",
    "SELECT content FROM app.paper",
    "DELETE FROM app.paper",
    "SELECT door.paper_waiting(:mine)",
    "SELECT door.paper_made(:mine, '', 1, 1)",
    "SELECT door.give_up_services(:them)",
    # Quizzes: writing into the bank, approving what is in it.
    "INSERT INTO app.quiz_question VALUES (gen_random_uuid(), 'SINGLE', 'labour', 'EASY', '一道题目', '{甲,乙}', '{0}',"
    " '因为如此', '某法', '某条', 'IN_REVIEW', :me, NULL, '', app.clock(), app.clock(), NULL, 1)",
    "DELETE FROM app.quiz_question",
    "INSERT INTO app.quiz_round SELECT gen_random_uuid(), pool, draws, seconds, attempts, reveals, entrants, groups, 1,"
    " app.clock(), :me FROM app.quiz_round",
    "UPDATE app.quiz_round SET seconds = 14400, version = 2, changed_at = app.clock(), changed_by = :me",
    "INSERT INTO app.quiz_entrant VALUES (:nowhere, :me, 'x', 0, NULL, 0, 0, NULL)",
    "UPDATE app.quiz_entrant SET score = 9",
    "UPDATE app.quiz_attempt SET deadline = 'infinity'",
    "UPDATE app.quiz_attempt SET state = 'STARTED'",
    "SELECT choice FROM app.quiz_answer",
    # Winning what one did not win, putting more on the shelf, handing it out.
    "INSERT INTO app.quiz_prize VALUES (gen_random_uuid(), :nowhere, 1, 9, '奖品', 1, 0, NULL)",
    "INSERT INTO app.quiz_prize SELECT gen_random_uuid(), activity, version, 9, '奖品', 1, 0, NULL FROM app.quiz_round",
    "UPDATE app.quiz_prize SET stock = 9",
    "UPDATE app.quiz_award SET person = :me",
    "UPDATE app.quiz_award SET state = 'CLAIMED', handed_by = :me",
    "SELECT door.lapse_these_prizes(ARRAY[CAST(:mine AS uuid)])",
    "SELECT door.lapse_prizes(:mine)",
    "SELECT door.quiz_passed(:mine)",
    "SELECT door.forget_attempts(:mine)",
    "SELECT door.prize_holders(:mine)",
    "INSERT INTO app.quiz_answer VALUES (:nowhere, 1, '{0}', 1, now())",
    "SELECT door.close_attempt(:nowhere, 'SUBMITTED')",
    "SELECT door.attempt_due(:nowhere)",
    "SELECT door.give_up_quizzes(:them)",
    # Giving oneself the certificate of a quiz that one did not pass, or somebody else's.
    "INSERT INTO app.paper (id, subject, step, kind, institution, code, dated, earlier, state, standing, ordered_at,"
    " kek, wrapped, file_key, content)"
    " SELECT gen_random_uuid(), :mine, :mine, 'QUIZ_CERTIFICATE', i.id, 'ABCDEFGH23456789',"
    " '2026-11-29', 'VALID', 'PENDING', 'VALID', app.clock(), 'k', 'w', 'f', 'c' FROM app.institution i LIMIT 1",
    # Mediation: making oneself a party, writing into the file of others, saying yes for another side.
    "INSERT INTO app.mediation (id, application, applicant_side, respondent_side, opened_at)"
    " VALUES (gen_random_uuid(), :nowhere, gen_random_uuid(), gen_random_uuid(), app.clock())",
    "UPDATE app.mediation SET state = 'PERFORMED'",
    "DELETE FROM app.mediation",
    "INSERT INTO app.mediation_invitation (id, mediation, side, link, said, invited_by, made_at, expires_at)"
    " VALUES (gen_random_uuid(), :nowhere, 'RESPONDENT', '\\x02', '', :me, app.clock(), 'tomorrow')",
    "UPDATE app.mediation_invitation SET link = '\\x02'",
    "INSERT INTO app.mediation_record (id, mediation, subject, kind, teller, author, at, appointments, attended, body)"
    " VALUES (gen_random_uuid(), :nowhere, :nowhere, 'STATEMENT', 'MEDIATOR', :me, app.clock(), '{}', '{}', '')",
    "UPDATE app.mediation_record SET body = ''",
    "DELETE FROM app.mediation_record",
    "INSERT INTO app.mediation_agreement (id, mediation, form, about_status, author, at, body)"
    " VALUES (gen_random_uuid(), :nowhere, 'ORAL', false, :me, app.clock(), '')",
    "UPDATE app.mediation_agreement SET effective_at = app.clock()",
    "UPDATE app.mediation_term SET due_on = current_date",
    "INSERT INTO app.mediation_assent VALUES"
    " (:nowhere, 'EXTENSION', 'APPLICANT', :nowhere, true, 'ONLINE', :me, app.clock())",
    "INSERT INTO app.mediation_confirmation VALUES (:nowhere, :nowhere, 'ELIGIBLE', now(), now())",
    "SELECT door.leave_mediations(:them)",
    "SELECT door.forget_mediation(:mine)",
    "SELECT door.speaks_for(:nowhere, 'APPLICANT', :me)",
    "SELECT door.forget_service(:mine)",
    # Holds, and the record of what was erased.
    "INSERT INTO app.legal_hold VALUES (gen_random_uuid(), :mine, 'x', 'x', 'x', now())",
    "UPDATE app.legal_hold SET lifted_at = now()",
    "SELECT why FROM app.legal_hold",
    "SELECT door.destroy(:mine)",
    "UPDATE app.question SET status = 'ERASED' WHERE id = :mine",  # without a receipt
    "INSERT INTO app.erasure VALUES (gen_random_uuid(), :q, 'ASKED', now(), now(), now(), '{}')",
    "INSERT INTO app.erasure VALUES (gen_random_uuid(), :mine, 'RETENTION', now(), now(), now(), '{}')",
    "INSERT INTO app.erasure VALUES (gen_random_uuid(), :mine, 'ASKED', now(), now(), now(), '{\"keys\": 9}')",
    "UPDATE app.erasure SET destroyed = '{}'",
    "DELETE FROM app.erasure",
    "INSERT INTO app.closing (person, id, asked_at) VALUES (:them, gen_random_uuid(), now())",
    "INSERT INTO app.closing (person, id, asked_at, done_at) VALUES (:me, gen_random_uuid(), now(), now())",
    "UPDATE app.closing SET done_at = now()",
    "SELECT person FROM app.closing",
    "SELECT door.give_up_person(:them)",
    "SELECT door.give_up_notices(:me)",
    # Copies of what is kept: nobody asks for another's, says that hers is ready, or puts anything on a list.
    "INSERT INTO app.export (id, person, state, asked_at, until, rooms, listed) VALUES (gen_random_uuid(), :them,"
    " 'REQUESTED', app.clock(), app.clock() + interval '1 day', '{vault}', '{}')",
    "INSERT INTO app.export (id, person, state, asked_at, until, rooms, listed) VALUES (gen_random_uuid(), :me,"
    " 'READY', app.clock(), app.clock() + interval '1 day', '{vault}', '{}')",
    "INSERT INTO app.export (id, person, state, asked_at, until, rooms, listed) VALUES (gen_random_uuid(), :me,"
    " 'REQUESTED', app.clock(), app.clock() + interval '1 day', '{vault}', '{vault}')",
    "UPDATE app.export SET state = 'READY'",
    "UPDATE app.export SET person = :me",
    "DELETE FROM app.export",
    "INSERT INTO app.export_part SELECT id, 'question', :me, ARRAY[CAST(:q AS uuid)] FROM app.export",
    "UPDATE app.export_part SET ids = '{}'",
    "DELETE FROM app.export_part",
    "SELECT door.list_vault(:mine)",
    "SELECT door.begin_list(:mine, 'vault')",
    "SELECT door.export_aged(:mine)",
    "SELECT door.give_up_exports(:them)",
    "UPDATE app.retention_policy SET terms = '{}'",
    "INSERT INTO app.retention_policy VALUES (2, '{}', now())",
    # News, events, repeats and notices.
    "INSERT INTO app.feed (subject, kind, ids, at) VALUES (:q, 'x', '{}', now())",
    "INSERT INTO app.feed (person, kind, ids, at) VALUES (:them, 'x', '{}', now())",
    "UPDATE app.feed SET kind = 'x'",
    "INSERT INTO app.outbox (id, kind, actor, ids, due_at, next_at)"
    " VALUES (gen_random_uuid(), 'x', :them, '{}', now(), now())",
    "INSERT INTO app.outbox (id, kind, ids, due_at, next_at) VALUES (gen_random_uuid(), 'x', '{}', now(), now())",
    "SELECT 1 FROM app.outbox",
    "UPDATE app.outbox SET done_at = now()",
    "INSERT INTO app.idempotency VALUES (:them, 'somebody-elses', 'x', '', gen_random_uuid(), now())",
    "UPDATE app.idempotency SET result_id = :q",
    "INSERT INTO app.deprecated_use VALUES (current_date, 'Query.old', 'x', '1', 1)",
    "UPDATE app.deprecated_use SET uses = 1",
    "UPDATE app.sms_budget SET codes = 0",
    "INSERT INTO app.notice VALUES (gen_random_uuid(), :me, 'x', :q, :q, now())",
    "UPDATE app.notice SET person = :me",
    # What leaves the house, and what people want of it.
    "INSERT INTO app.delivery (id, person, kind, template, channel, lane, state, attempts, failures, next_push, due_at,"
    " until, made_at) VALUES (gen_random_uuid(), :me, 'x', 'x', 'SMS', 0, 'PENDING', 0, 0, now(), now(), now(), now())",
    "UPDATE app.delivery SET person = :me",
    "UPDATE app.delivery SET attempts = 0",
    "DELETE FROM app.delivery",
    "UPDATE app.channel SET closed_until = 'infinity'",
    "DELETE FROM app.channel",
    "INSERT INTO app.message_consent (id, person, channel, template, lasting, told_by, at)"
    " VALUES (gen_random_uuid(), :them, 'MINI_PROGRAM', 'REPLY', true, 'CLIENT', now())",
    "INSERT INTO app.message_consent (id, person, channel, template, lasting, told_by, at)"
    " VALUES (gen_random_uuid(), :me, 'MINI_PROGRAM', 'REPLY', true, 'WECHAT', now())",
    "UPDATE app.message_consent SET delivery = NULL",
    "DELETE FROM app.message_consent",
    "INSERT INTO app.notice_preference VALUES (:them, NULL, NULL, '{}', now())",
    "UPDATE app.notice_preference SET person = :them",
    "DELETE FROM app.notice_preference",
    "SELECT door.address(:q, 1)",
    "SELECT door.bad_address(:q, 1)",
    "SELECT door.forget_deliveries(9)",
    "SELECT door.notices_move() IS NULL",
    # Files: nobody sends in another's name, says of her own that it was looked at before it was, or gives it away.
    "INSERT INTO app.file (id, owner, kind, content_type, size, state, received, made_at, keep_until, key)"
    " VALUES (gen_random_uuid(), :them, 'PICTURE', 'image/png', 1, 'WAITING', 0, now(), now(), '')",
    "INSERT INTO app.file (id, owner, kind, content_type, size, state, received, made_at, keep_until, key)"
    " VALUES (gen_random_uuid(), :me, 'PICTURE', 'image/png', 1, 'READY', 0, now(), now(), '')",
    "INSERT INTO app.file (id, owner, kind, content_type, size, state, received, made_at, keep_until, key, subject,"
    " part, place, from_owner, attached_at) VALUES (gen_random_uuid(), :me, 'PICTURE', 'image/png', 1, 'WAITING', 0,"
    " now(), now(), '', :q, :q, 0, true, now())",
    "UPDATE app.file SET owner = :them",
    "UPDATE app.file SET state = 'READY', kek = NULL, subject = :q, part = :q, place = 0, from_owner = true,"
    " attached_at = now() WHERE owner = :me",
    "DELETE FROM app.file",
    "SELECT door.files_move() IS NULL",
    # Words are written for recordings in which somebody speaks; of hers nothing is.
    "INSERT INTO app.transcript (file, words, source, written_at)"
    " SELECT id, '', 'CLIENT', now() FROM app.file WHERE owner = :me",
    "INSERT INTO app.transcript (file, words, source, written_at) VALUES (:nowhere, '', 'CLIENT', now())",
    "DELETE FROM app.transcript",
    "SELECT door.spoken_counts() IS NULL",
    "SELECT door.words_go() IS NULL",
    "SELECT door.files_open() IS NULL",
    # People.
    "INSERT INTO app.person VALUES (gen_random_uuid(), 'ACTIVE', now())",
    "UPDATE app.person SET standing = 'ACTIVE'",
    "INSERT INTO app.role_held VALUES (:me, 'ADMIN', now())",
    "UPDATE app.role_held SET until = 'infinity'",
    "INSERT INTO app.person_move VALUES (gen_random_uuid(), :me, :me, 'ROLES', '{ADMIN}', '', app.clock())",
    "INSERT INTO app.person_move VALUES (gen_random_uuid(), :me, NULL, 'ROLES', '{ADMIN}', '', app.clock())",
    "INSERT INTO app.person_move VALUES (gen_random_uuid(), :them, :me, 'SUSPENDED', '{}', '', app.clock())",
    "UPDATE app.person_move SET reason = ''",
    "DELETE FROM app.person_move",
    "SELECT door.person_moves() IS NULL",
    "INSERT INTO app.identity VALUES ('sms', '\\x01', :me, '', now())",
    "INSERT INTO app.sign_in VALUES (gen_random_uuid(), :them, 'x', now(), now())",
    "UPDATE app.sign_in SET person = :me",
    "INSERT INTO app.refresh_token VALUES ('\\x01', gen_random_uuid(), :them, now(), now())",
    "INSERT INTO app.sms_code VALUES (gen_random_uuid(), '\\x01', '\\x01', '', now(), now())",
    # What WeChat pushed, and who follows the account.
    "INSERT INTO app.wechat_push VALUES (gen_random_uuid(), 'OFFICIAL_ACCOUNT', 'scan', '', '', '', NULL, '{}', now(),"
    " now())",
    "SELECT 1 FROM app.wechat_push",
    "DELETE FROM app.wechat_nonce",
    "UPDATE app.follower SET unioned = ''",
    "SELECT door.push_of(:mine)",
    "SELECT door.follow(:mine, '')",
    "SELECT door.unfollow(:mine)",
    "SELECT door.bind_follower('')",
    "SELECT door.bind_followed(:them)",
    "SELECT door.forget_pushes(1)",
    "SELECT door.names_move() IS NULL",
    "SELECT door.name_goes() IS NULL",
    # Applying for another, deciding, and making oneself a lawyer.
    "INSERT INTO app.lawyer_application (id, person, licence, body, state, made_at)"
    " VALUES (gen_random_uuid(), :them, 'x', '', 'OPEN', app.clock())",
    "UPDATE app.lawyer_application SET body = ''",
    "UPDATE app.lawyer_application SET person = :me",
    "DELETE FROM app.lawyer_application",
    "SELECT door.forget_application(:mine)",
    "INSERT INTO app.person_move VALUES (gen_random_uuid(), :me, :them, 'ADMITTED', '{}', '', app.clock())",
    "INSERT INTO app.lawyer (id, licence, title, name, firm, pool, specialties, divisions, languages, gender,"
    " practising_since, introduction) SELECT :me, 'x', 'x', 'x', id, 'LOCAL', '{}', '{}', '{}', 'MALE', now(), ''"
    " FROM app.firm LIMIT 1",
    # What the staff see of minors.
    "INSERT INTO app.minor_access (id, kind, subject, requester, office, crisis, reason, asked_at, until)"
    " VALUES (gen_random_uuid(), 'FILE', :them, :me, 'ADMIN', false, '', app.clock(), app.clock() + interval '1 day')",
    "UPDATE app.minor_access SET opened_at = now()",
    "UPDATE app.minor_access SET requester = :me",
    "UPDATE app.minor_access SET reason = ''",
    "DELETE FROM app.minor_access",
    "SELECT door.young(:them)",
    "SELECT door.young_petition(:q)",
    "SELECT door.urgent_call('CALLBACK', :q)",
    "SELECT door.minor_access_approved() IS NULL",
    "SELECT door.minor_petition_opened() IS NULL",
    # The register: who does not keep it writes nothing in it, and nobody but a trigger its history.
    "INSERT INTO app.institution (id, kind, number, name, division, province, phones, specialties, standing, source,"
    " example, version, changed_at, changed_by, reason, label, terms, aliases, address, place_source, place_precision)"
    " VALUES (:nowhere, 'LAW_FIRM', 'x', 'x', '', '41', '{}', '{}', 'ACTIVE', 'x', false, 1, app.clock(), :me, 'x',"
    " 'x', '', '{}', '', '', '')",
    "INSERT INTO app.legal_worker (id, kind, number, name, division, province, phones, specialties, standing, source,"
    " example, version, changed_at, changed_by, reason, label, terms, workplace, languages)"
    " VALUES (:nowhere, 'NOTARY', 'x', 'x', '', '41', '{}', '{}', 'ACTIVE', 'x', false, 1, app.clock(), :me, 'x', 'x',"
    " '', '', '{}')",
    "INSERT INTO app.calendar_year (id, year, days, complete, source, version, changed_at, changed_by, reason)"
    " VALUES (:nowhere, 2031, '{}', true, 'x', 1, app.clock(), :me, 'x')",
    "SELECT changed_by FROM app.calendar_year",
    "UPDATE app.calendar_year SET year = 2032",
    "DELETE FROM app.calendar_year",
    "SELECT changed_by FROM app.institution",
    "SELECT reason FROM app.legal_worker",
    "UPDATE app.institution SET id = :mine",
    "DELETE FROM app.institution",
    "DELETE FROM app.legal_worker",
    "INSERT INTO app.register_change VALUES (:nowhere, 1, now(), :me, 'x', '{}', '{}')",
    "UPDATE app.register_change SET reason = ''",
    "DELETE FROM app.register_change",
    "SELECT door.register_changes() IS NULL",
    # Articles: writing one, deciding about one, counting; pictures for everybody; what others read and choose.
    "INSERT INTO app.article (id, made_at) VALUES (gen_random_uuid(), app.clock())",
    "UPDATE app.article SET reads = 9",
    "DELETE FROM app.article_version",
    "INSERT INTO app.article_version SELECT gen_random_uuid(), article, 9, 'DRAFT', 1, ARRAY[CAST(:me AS uuid)],"
    " byline, topic, title, summary, body, cover, statutes, cases, divisions, roles, bands, 'x', label, terms,"
    " app.clock(), NULL, '', '', NULL, NULL, NULL, '' FROM app.article_version",
    "SELECT door.publish_article(:nowhere)",
    "SELECT door.give_up_education(:them)",
    "INSERT INTO app.public_picture SELECT gen_random_uuid(), :nowhere, :me, 'image/png', 1, 1, 1, NULL, '',"
    " app.clock()",
    "UPDATE app.public_picture SET ended_at = app.clock()",
    "INSERT INTO app.article_reader SELECT id, :them, app.clock(), 'HELPFUL', app.clock() FROM app.article",
    "UPDATE app.article_reader SET person = :me",
    "DELETE FROM app.article_reader",
    "INSERT INTO app.topic_choice VALUES (:them, '{}', app.clock())",
    "DELETE FROM app.topic_choice",
    "INSERT INTO app.campaign (id, article, topics, divisions, roles, bands, consent, send_at, state, estimate,"
    " made_by, made_at) SELECT gen_random_uuid(), id, '{}', '{}', '{}', '{}', 1, app.clock(), 'SCHEDULED', 99, :me,"
    " app.clock() FROM app.article",
    "INSERT INTO app.donation_source SELECT gen_random_uuid(), :them, :q",
    "UPDATE app.donation_source SET asker = :me",
    "DELETE FROM app.case_donation",
    "SELECT door.forget_donations(:q, :them)",
    "UPDATE app.campaign SET sent = 9",
    "SELECT reached FROM app.campaign",
    "INSERT INTO app.article_push SELECT gen_random_uuid(), :nowhere, :me, 1, app.clock(), app.clock(), NULL",
    "UPDATE app.article_push SET stopped_at = NULL",
    "SELECT door.push_articles(:nowhere, 9)",
    "SELECT door.pushable('{}', '{}', '{}', '{}', 1)",
    # Advisers of villages, and where others say they live.
    "INSERT INTO app.adviser_term SELECT :nowhere, '419001100209', worker, :me, since, until, 'x', 'x', 1, app.clock(),"
    " :me, 'x' FROM app.adviser_term",
    "UPDATE app.adviser_term SET person = :me",
    "SELECT reason FROM app.adviser_term",
    "DELETE FROM app.adviser_term",
    "INSERT INTO app.village_said VALUES (:them, '419001100201', app.clock())",
    "UPDATE app.village_said SET person = :me",
    "DELETE FROM app.village_said",
    "INSERT INTO app.division_point VALUES (:nowhere, '419001100209', 112, 35, 'x', 1, app.clock(), :me, 'x')",
    "UPDATE app.division_point SET division = 'x'",
    "SELECT reason FROM app.division_point",
    "INSERT INTO app.visit_code VALUES (:nowhere, '419001100201', :them, '\\x01', app.clock(), app.clock())",
    "INSERT INTO app.visit_code VALUES (:nowhere, '419001100201', :me, '\\x01', app.clock(), 'infinity')",
    "UPDATE app.visit_code SET used_at = NULL",
    "INSERT INTO app.adviser_service SELECT :nowhere, id, :me, 'VISIT', app.clock(), 1, 1, NULL, app.clock()"
    " FROM app.adviser_term",
    "UPDATE app.adviser_service SET people = 9",
    "SELECT question FROM app.adviser_question",
    "INSERT INTO app.appraisal_contest (id, term, adviser, year, line, state, reason, made_at, credited)"
    " SELECT :nowhere, id, :me, 2026, 'TALKS', 'OPEN', '', app.clock(), 0 FROM app.adviser_term",
    "UPDATE app.appraisal_contest SET reason = ''",
    "DELETE FROM app.appraisal_contest",
    "SELECT door.contest_made() IS NULL",
    "INSERT INTO app.adviser_question SELECT id, :q, :me, now(), now() FROM app.adviser_term",
    "UPDATE app.adviser_question SET answered_at = now()",
    "DELETE FROM app.adviser_question",
    "DELETE FROM app.adviser_service",
    "SELECT door.service_logged() IS NULL",
    "SELECT door.visit_code_used() IS NULL",
    "SELECT door.give_up_village(:me)",
    "SELECT door.village_moves() IS NULL",
    # Appointments: nobody books in another's name, without holding it first, or makes more of hers than it is.
    "INSERT INTO app.appointment (id, institution, service, person, origin, mode, state, room,"
    " place, starts_at, ends_at,"
    " made_at, hold_until, state_at, policy, body) SELECT gen_random_uuid(), institution, 'LEGAL_AID', :them, 'BOOKED',"
    " 'WINDOW', 'HELD', id, 1, app.clock() + interval '1 day', app.clock() + interval '1 day 30 minutes', app.clock(),"
    " app.clock(), app.clock(), 1, '' FROM app.appointment_calendar",
    "INSERT INTO app.appointment (id, institution, service, person, origin, mode, state, room,"
    " place, starts_at, ends_at,"
    " made_at, hold_until, state_at, policy, body) SELECT gen_random_uuid(), institution, 'LEGAL_AID', :me, 'BOOKED',"
    " 'WINDOW', 'CONFIRMED', id, 1, app.clock() + interval '1 day', app.clock() + interval '1 day"
    " 30 minutes', app.clock(),"
    " app.clock(), app.clock(), 1, '' FROM app.appointment_calendar",
    "INSERT INTO app.appointment (id, institution, service, person, origin, mode, state, room,"
    " place, starts_at, ends_at,"
    " made_at, hold_until, state_at, policy, body) SELECT gen_random_uuid(), institution, 'LEGAL_AID', :me, 'BOOKED',"
    " 'WINDOW', 'HELD', id, 1, app.clock() + interval '1 day', app.clock() + interval '1 day 30 minutes', app.clock(),"
    " app.clock() + interval '1 hour', app.clock(), 1, '' FROM app.appointment_calendar",
    "INSERT INTO app.appointment (id, institution, service, origin, mode, state, room, place,"
    " starts_at, ends_at, made_at,"
    " hold_until, state_at, policy, number, day, body) SELECT gen_random_uuid(), institution, 'LEGAL_AID', 'WALK_IN',"
    " 'WINDOW', 'CHECKED_IN', id, 1, app.clock(), app.clock() + interval '30 minutes', app.clock(), app.clock(),"
    " app.clock(), 1, 9, current_date, '' FROM app.appointment_calendar",
    "UPDATE app.appointment SET person = :me",
    "UPDATE app.appointment SET starts_at = now()",
    "UPDATE app.appointment SET state_at = now()",
    "DELETE FROM app.appointment",
    "INSERT INTO app.appointment_move VALUES (:nowhere, 0, 'DONE', :me, now())",
    "UPDATE app.appointment_move SET state = 'DONE'",
    "DELETE FROM app.appointment_move",
    "INSERT INTO app.appointment_service (id, institution, service, minutes, modes, confirms,"
    " active, version, changed_at,"
    " changed_by, reason) SELECT :nowhere, id, 'NOTARY', 30, '{WINDOW}', false, true, 1, app.clock(), :me, 'x'"
    " FROM app.institution",
    "INSERT INTO app.appointment_calendar (id, institution, kind, person, name, capacity, services,"
    " away, active, version,"
    " changed_at, changed_by, reason) SELECT :nowhere, id, 'STAFF', :me, 'x', 1, '{NOTARY}', '[]',"
    " true, 1, app.clock(),"
    " :me, 'x' FROM app.institution",
    "SELECT person FROM app.appointment_calendar",
    "SELECT reason FROM app.appointment_service",
    "UPDATE app.appointment_calendar SET person = :me",
    "DELETE FROM app.appointment_service",
    "UPDATE app.appointment_policy SET terms = '{}'",
    "SELECT door.forget_appointment(:mine)",
    "SELECT door.give_up_appointments(:them)",
    "SELECT door.list_appointments(:mine)",
    "SELECT door.appointment_moves() IS NULL",
    "SELECT door.appointment_moved() IS NULL",
    "SELECT door.appointments_move() IS NULL",
    "SELECT door.post_reads_appointments() IS NULL",
    # At a window: no code of another's, none that outlives its day, nothing opened or taken by who has no post there.
    "INSERT INTO app.window_visit (id, subject, about, maker, code, slip, made_at, expires_at)"
    " VALUES (:nowhere, :them, 'APPLICATION', :me, '\\x01', '', app.clock(), app.clock())",
    "INSERT INTO app.window_visit (id, subject, about, maker, code, slip, made_at, expires_at, opened_at)"
    " VALUES (:nowhere, :mine, 'APPLICATION', :me, '\\x01', '', app.clock(), app.clock(), app.clock())",
    "UPDATE app.window_visit SET opened_at = app.clock()",
    "UPDATE app.window_visit SET slip = ''",
    "DELETE FROM app.window_visit",
    "INSERT INTO app.window_act SELECT :nowhere, :nowhere, :mine, 'RECEIVED', '[[]]', 'x', :me, app.clock()",
    "UPDATE app.window_act SET kind = 'COLLECTED'",
    "DELETE FROM app.window_act",
    "SELECT door.forget_slip(:mine)",
    "INSERT INTO app.counter_statement (id, kind, source, by_post, place, clerk, body, recorded_at, received_at,"
    " due_at)"
    " SELECT :nowhere, 'LEGAL_AID', 'IN_PERSON', false, id, :me, '', app.clock(), app.clock(), app.clock()"
    " FROM app.institution",
    "UPDATE app.counter_statement SET confirmed = 'SIGNATURE', witness = :me",
    "DELETE FROM app.counter_statement",
    "SELECT door.counter_applicant(:mine)",
    "SELECT door.counter_applied(:mine, :mine, NULL, now())",
    "SELECT door.forget_statement(:mine)",
    "SELECT door.statement_recorded() IS NULL",
    "INSERT INTO app.service_rating VALUES (:mine, :me, 5, true, app.clock(), app.clock())",
    "UPDATE app.service_rating SET rater = :me",
    "DELETE FROM app.service_rating",
    "SELECT door.give_up_ratings(:them)",
    "SELECT door.service_rated() IS NULL",
    "SELECT door.window_step(:mine, :nowhere, NULL, now(), now())",
    "UPDATE app.application_step SET counter = :mine",
    "SELECT door.give_up_window(:them)",
    "SELECT door.list_window(:mine)",
    "SELECT door.window_serves(:mine, :mine)",
    "SELECT door.pickup_made() IS NULL",
    "SELECT door.pickup_makes_room() IS NULL",
    "SELECT door.post_leaves_window() IS NULL",
    "SELECT door.window_moves() IS NULL",
    # Consultations with institutions: begun in one's own name, led by who holds them.
    "INSERT INTO app.institution_consultation (id, institution, person, state, opened_at, state_at)"
    " SELECT gen_random_uuid(), id, :them, 'WAITING', app.clock(), app.clock() FROM app.institution",
    "INSERT INTO app.institution_consultation (id, institution, person, state, opened_at, state_at)"
    " SELECT gen_random_uuid(), id, :me, 'CLOSED', app.clock(), app.clock() FROM app.institution",
    "UPDATE app.institution_consultation SET person = :me",
    "UPDATE app.institution_consultation SET state_at = now()",
    "UPDATE app.institution_consultation SET called = 'x'",
    "DELETE FROM app.institution_consultation",
    "SELECT door.forget_consultation(:mine)",
    "SELECT door.give_up_consultations(:them)",
    "SELECT door.empty_consultations(ARRAY[:mine]::uuid[])",
    "SELECT door.consultation_held() IS NULL",
    "SELECT door.consultation_moved() IS NULL",
    "SELECT door.consultations_move() IS NULL",
    "SELECT door.post_leaves_consultations() IS NULL",
    # What the city puts on, and who passes it.
    "INSERT INTO app.activity (id, kind, title, words, division, place, opens_at, closes_at, begins_at, ends_at, taken,"
    " waiting, came, state, state_at, writers, reason, version, made_at, changed_at, changed_by)"
    " SELECT gen_random_uuid(), 'QUIZ', 'x', '', '419001', '', app.clock(), 'infinity', NULL, NULL, 0, 0, 0, 'DRAFT',"
    " app.clock(), ARRAY[CAST(:me AS uuid)], '', 1, app.clock(), app.clock(), CAST(:me AS uuid)",
    "INSERT INTO app.enrolment SELECT gen_random_uuid(), id, :me, 9, 'ENROLLED', now(), now() FROM app.activity",
    "UPDATE app.enrolment SET state = 'ENROLLED'",
    "DELETE FROM app.enrolment",
    "SELECT door.vacate(:mine)",
    "SELECT door.give_up_enrolments(:them)",
    "SELECT door.forget_enrolments(:mine)",
    "SELECT door.enrolments_move() IS NULL",
    "INSERT INTO app.exhibit (entry, activity, pseudonym, band, title, picture, state, award, votes, since)"
    " SELECT entry, activity, 'x', 'ADULT', 'x', picture, 'DISPLAYED', '', 0, app.clock() FROM app.exhibit",
    "UPDATE app.exhibit SET votes = 99",
    "INSERT INTO app.vote SELECT activity, :me, current_date, entry, '\\x01', now() FROM app.exhibit",
    "DELETE FROM app.vote",
    "UPDATE app.entry SET body = ''",
    "DELETE FROM app.entry",
    "INSERT INTO app.vote_freeze (id, activity, entry, votes, at, until)"
    " SELECT gen_random_uuid(), activity, entry, 1, now(), now() FROM app.exhibit",
    "UPDATE app.vote_freeze SET counted = true",
    "INSERT INTO app.jury SELECT activity, names, weights, scales, 1, 0, 1, prizes, 1, :me, app.clock() FROM app.jury",
    "UPDATE app.jury SET ended_at = now(), ended_by = :me",
    "INSERT INTO app.juror (id, activity, person, called, schools, state, named_by, named_at, state_at)"
    " SELECT gen_random_uuid(), activity, :me, 'x', '{}', 'ACCEPTED', :me, now(), now() FROM app.jury",
    "UPDATE app.juror SET state = 'ACCEPTED'",
    "SELECT schools FROM app.juror",
    "INSERT INTO app.jury_score SELECT entry, entry, activity, :me, '{10}', now(), true, true FROM app.exhibit",
    "UPDATE app.jury_score SET points = '{10}'",
    "INSERT INTO app.jury_conflict SELECT entry, entry, entry, activity, 'OTHER', now() FROM app.exhibit",
    "UPDATE app.jury_conflict SET kind = 'OTHER'",
    "INSERT INTO app.jury_result SELECT entry, activity, 1, 1, 100, 0, 100, 'FIRST' FROM app.exhibit",
    "UPDATE app.jury_result SET prize = 'FIRST'",
    "UPDATE app.activity SET results_due = false",
    "SELECT door.edits()",
    "SELECT door.barred(:mine, :mine)",
    "SELECT door.give_up_juries(:them)",
    "SELECT door.forget_juries(:mine)",
    "SELECT door.jury_made() IS NULL",
    "SELECT door.jury_set() IS NULL",
    "SELECT door.entry_stepped() IS NULL",
    "SELECT door.ranked() IS NULL",
    "SELECT door.awarded() IS NULL",
    "SELECT door.jurors_move() IS NULL",
    "SELECT door.forget_these_entries(ARRAY[:mine]::uuid[])",
    "SELECT door.give_up_entries(:them)",
    "SELECT door.forget_entries(:mine)",
    "SELECT door.entry_made() IS NULL",
    "SELECT door.entry_moved() IS NULL",
    "SELECT door.exhibited() IS NULL",
    "SELECT door.entries_move() IS NULL",
    "UPDATE app.activity SET taken = 0",
    "UPDATE app.activity SET published_at = now()",
    "UPDATE app.activity SET writers = '{}'",
    "DELETE FROM app.activity",
    "INSERT INTO app.activity_step SELECT id, 9, 'OPEN', NULL, '', 1, now() FROM app.activity",
    "UPDATE app.activity_step SET reason = 'x'",
    "SELECT door.activity_moved() IS NULL",
    # The directory and the policy.
    "INSERT INTO app.firm VALUES (gen_random_uuid(), 'x', 'x', '41')",
    "UPDATE app.lawyer SET pool = 'LOCAL'",
    "UPDATE app.lawyer SET seats_kept = 99",
    "UPDATE app.dispatch_policy SET terms = '{}'",
    "INSERT INTO app.dispatch_policy VALUES (2, '{}', now())",
    # The database itself.
    "SELECT door.asker_reads() IS NULL",
    "SELECT door.seat_reads() IS NULL",
    "SELECT door.identity_moves() IS NULL",
    "SELECT door.consents_move() IS NULL",
    "TRUNCATE app.reader",
    "ALTER TABLE app.reader DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE app.question NO FORCE ROW LEVEL SECURITY",
    "CREATE POLICY mine ON app.reader USING (true)",
    "DROP POLICY own ON app.reader",
    "CREATE OR REPLACE FUNCTION app.clock() RETURNS timestamptz LANGUAGE sql RETURN 'epoch'::timestamptz",
    "CREATE TABLE app.mine (a int)",
    "CREATE TABLE public.mine (a int)",
    "CREATE TEMPORARY TABLE reader (a int)",
    "CREATE SCHEMA mine",
    "UPDATE turned.clock SET shift = '1 year'",
    "SET LOCAL ROLE app_worker",
    "SET LOCAL ROLE app_door",
    "SET LOCAL ROLE app_owner",
    "SET SESSION AUTHORIZATION postgres",
    "SET LOCAL session_replication_role = replica",
    "COPY app.question TO PROGRAM 'id'",
    "SELECT pg_read_file('postgresql.conf')",
]
"""Each is an error: insufficient privilege."""

WITHOUT_EFFECT = [
    "SELECT 1 FROM app.outreach_channel",
    "SELECT 1 FROM app.outreach_day",
    "SELECT 1 FROM app.outreach_target",
    "SELECT 1 FROM door.follow_coverage()",
    "UPDATE app.outreach_channel SET name = '某某'",
    "UPDATE app.outreach_target SET goal = 1",
    "SELECT 1 FROM door.my_touches(ARRAY(SELECT subject FROM app.reader))",
    "UPDATE app.mediation_invitation SET tries = 0",
    "UPDATE app.mediation_invitation SET person = :me, joined_at = app.clock()",
    "UPDATE app.mediation_agreement SET ended_at = app.clock()",
    "UPDATE app.mediation_term SET kept_at = app.clock(), kept_by = :me",
    "UPDATE app.mediation_assent SET yes = true, actor = :me, at = app.clock()",
    "UPDATE app.mediation_confirmation SET state = 'CONFIRMED', ended_at = app.clock()",
    "UPDATE app.question SET status = 'WITHDRAWN' WHERE id = :q",
    "UPDATE app.question SET status = 'ERASED' WHERE id = :q",
    "UPDATE app.seat SET lease_until = now() WHERE question = :q",
    "UPDATE app.seat SET ended_at = now()",
    "UPDATE app.offer SET declined = 'BUSY' WHERE question = :q",
    "UPDATE app.answer_draft SET content = ''",
    "UPDATE app.lawyer SET availability = 'AWAY'",
    "UPDATE app.activity SET state = 'CANCELLED', changed_by = :me, changed_at = app.clock()",
    "UPDATE app.activity SET title = 'x'",
    "SELECT 1 FROM app.activity_step",
    "SELECT 1 FROM app.enrolment",
    "SELECT 1 FROM app.entry",
    "UPDATE app.entry SET state = 'TAKEN_DOWN', verdict = 'WISH', state_at = app.clock()",
    "SELECT 1 FROM app.vote",
    "SELECT 1 FROM app.vote_freeze",
    "UPDATE app.jury SET needed = 1, set_by = :me, set_at = app.clock()",
    "SELECT 1 FROM app.juror",
    "SELECT 1 FROM app.jury_score",
    "SELECT 1 FROM app.jury_conflict",
    "SELECT 1 FROM app.jury_result",
    "SELECT 1 FROM door.name_juror(:mine, :them, 'x', :mine) AS so WHERE so IS NOT NULL",
    "SELECT 1 FROM door.juror_says((SELECT id FROM app.juror), 'ACCEPTED', '{}') AS so WHERE so",
    "SELECT 1 FROM door.judging_sheet(:mine)",
    "SELECT 1 FROM door.may_judge(ARRAY(SELECT entry FROM app.exhibit))",
    "SELECT 1 FROM app.entry_step",
    "SELECT 1 FROM door.judge((SELECT entry FROM app.exhibit), '{10}', NULL) AS so WHERE so <> 'NONE'",
    "SELECT 1 FROM door.end_judging((SELECT activity FROM app.jury)) AS so WHERE so <> 'NONE'",
    "SELECT 1 FROM door.decide_freeze(:mine, true) AS so WHERE so",
    "UPDATE app.institution SET name = 'x'",
    "UPDATE app.institution SET hours = NULL",
    "UPDATE app.calendar_year SET complete = false",
    "UPDATE app.legal_worker SET name = 'x'",
    "UPDATE app.adviser_term SET until = since",
    "UPDATE app.article_version SET state = 'WITHDRAWN', ended_at = app.clock(), ended_why = 'x'",
    "SELECT 1 FROM app.article_version WHERE state NOT IN ('PUBLISHED', 'REPLACED')",
    "SELECT 1 FROM app.article_reader",
    "SELECT 1 FROM app.article_push",
    "SELECT 1 FROM app.case_donation",
    "UPDATE app.case_donation SET state = 'TAKEN', taker = :me",
    "SELECT 1 FROM app.donation_source",
    "UPDATE app.campaign SET state = 'CANCELLED', ended_at = app.clock()",
    "SELECT 1 FROM door.campaign_results(ARRAY[CAST(:nowhere AS uuid)])",
    "SELECT 1 FROM door.campaign_audience('{}', '{}', '{}', '{}', 1) AS n WHERE n > 0",
    "SELECT 1 FROM door.push_reasons(ARRAY(SELECT campaign FROM app.article_push))",
    "UPDATE app.topic_choice SET topics = '{}', at = app.clock()",
    "UPDATE app.division_point SET longitude = 112",
    "SELECT 1 FROM app.quiz_question",
    "SELECT 1 FROM app.quiz_attempt",
    "SELECT 1 FROM app.quiz_entrant",
    "SELECT 1 FROM app.quiz_award",
    "SELECT 1 FROM door.void_attempt((SELECT activity FROM app.quiz_round), '明理白鹭10001', 1, '理由')",
    "SELECT 1 FROM door.claim_prize('\\x01')",
    "SELECT 1 FROM door.quiz_items(ARRAY(SELECT id FROM app.quiz_attempt))",
    "SELECT 1 FROM door.submit_attempt(:nowhere) AS so WHERE so",
    "SELECT 1 FROM door.certify_attempt(:nowhere) AS so WHERE so IS NOT NULL",
    "UPDATE app.quiz_question SET state = 'APPROVED', reviewer = :me, reviewed_at = app.clock(), version = 2",
    "SELECT 1 FROM app.visit_code WHERE maker <> :me",
    "SELECT 1 FROM app.adviser_service",
    "SELECT 1 FROM app.adviser_question",
    "SELECT 1 FROM app.appraisal_contest",
    "UPDATE app.appraisal_contest SET state = 'UPHELD', credited = 9, answer = '', decided_by = :me",
    "UPDATE app.village_said SET division = NULL WHERE person <> :me",
    "UPDATE app.appointment_service SET active = false",
    "UPDATE app.appointment_calendar SET active = false",
    "UPDATE app.appointment SET state = 'CANCELLED_BY_RESIDENT'",
    "UPDATE app.appointment SET body = ''",
    "SELECT 1 FROM app.institution_consultation",
    "SELECT 1 FROM app.window_visit",
    "SELECT 1 FROM app.window_act",
    "SELECT 1 FROM app.service_rating",
    "SELECT 1 FROM app.counter_statement",
    "SELECT 1 FROM door.confirm_statement(:mine, 'SIGNATURE') AS so WHERE so",
    "SELECT 1 FROM door.counter_standing('{}')",
    "SELECT 1 FROM door.claim_application('\\x01') AS hers WHERE hers IS NOT NULL",
    "UPDATE app.service_rating SET stars = 5, changed_at = app.clock()",
    "SELECT 1 FROM door.closed_loop('2026-01-01', '2030-01-01')",
    "SELECT 1 FROM door.pickup_told('\\x01')",
    "SELECT 1 FROM door.open_pickup('\\x01', 'infinity') AS opened WHERE opened IS NOT NULL",
    "SELECT 1 FROM door.window_standing('{}')",
    "UPDATE app.institution_consultation SET state = 'CLOSED'",
    "UPDATE app.institution_consultation SET state = 'TAKEN', holder = :me",
    "SELECT 1 FROM app.appointment",
    "SELECT 1 FROM app.appointment_move",
    "UPDATE app.notice SET read_at = now()",
    "UPDATE app.delivery SET state = 'PENDING', retried_by = :me",
    "SELECT 1 FROM app.delivery WHERE person <> :me",
    "SELECT 1 FROM app.channel",
    "SELECT 1 FROM app.message_consent WHERE person <> :me",
    "UPDATE app.message_consent SET ended_at = now() WHERE person <> :me",
    "SELECT 1 FROM app.notice_preference WHERE person <> :me",
    "UPDATE app.file SET received = 0 WHERE owner <> :me",
    "UPDATE app.lawyer_application SET state = 'WITHDRAWN', decided_at = app.clock(), keep_until = app.clock()",
    "UPDATE app.transcript SET words = '', source = 'CORRECTED'",
    "SELECT 1 FROM app.transcript",
    "UPDATE app.identity SET person = :me WHERE person <> :me",
    "UPDATE app.sign_in SET ended_at = now() WHERE person <> :me",
    "UPDATE app.refresh_token SET used_at = NULL",
    "UPDATE app.sms_code SET tries = 0",
    "SELECT 1 FROM door.people(ARRAY[CAST(:me AS uuid)])",
    "SELECT 1 FROM door.people(NULL)",
    "SELECT 1 FROM door.board(:q)",
    "SELECT 1 FROM door.board(:mine)",
    "SELECT 1 FROM app.question WHERE id = :q FOR UPDATE",
]
"""Each passes, and touches no row."""
