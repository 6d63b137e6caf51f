"""Who owns what, who may call what, and what nobody writes in the source."""

import ast
import re
from graphlib import TopologicalSorter

import pytest

from app.accounts.rules.exporting import ROOMS
from tests.city import City
from tests.house import source

RUNNING = ("app_api", "app_worker")
BY_HAND = {
    "door.campaign_audience(text[],text[],text[],text[],integer)",
    "door.campaign_results(uuid[])",
    "door.push_reasons(uuid[])",
    "door.quality_figures(date,date)",
    "door.stop_pushes(uuid)",
    "door.aid_hindrance(uuid,uuid)",
    "door.board(uuid)",
    "door.drop_date(uuid)",
    "door.attended(uuid[])",
    "door.stepped_back(uuid,uuid)",
    "door.hold_board(uuid)",
    "door.check_readings(uuid[])",
    "door.check_names(uuid[])",
    "door.complete_check(uuid,uuid[],uuid[],text[],boolean[],boolean[],boolean[],boolean[],boolean[],bytea[],text[],bytea[])",
    "door.colleague(uuid)",
    "door.claim_application(bytea)",
    "door.confirm_statement(uuid,text)",
    "door.counter_applicant(uuid)",
    "door.counter_applied(uuid,uuid,bytea,timestamp with time zone)",
    "door.counter_standing(uuid[])",
    "door.count_uses(text[],text[],text[],bigint[])",
    "door.enrol(uuid,uuid)",
    "door.set_places(uuid,integer,integer)",
    "door.leave_activity(uuid)",
    "door.leave_names()",
    "door.give_back_key(text)",
    "door.waiting_before(uuid[])",
    "door.check_in(uuid,uuid)",
    "door.certify_attempt(uuid)",
    "door.claim_prize(bytea)",
    "door.activity_ready(uuid)",
    "door.quiz_pool(uuid)",
    "door.void_attempt(uuid,text,bigint,text)",
    "door.cast_vote(uuid,bytea,date,integer[])",
    "door.decide_freeze(uuid,boolean)",
    "door.name_juror(uuid,uuid,text,uuid)",
    "door.juror_says(uuid,text,bytea[])",
    "door.judging_sheet(uuid)",
    "door.may_judge(uuid[])",
    "door.judge(uuid,smallint[],text)",
    "door.end_judging(uuid)",
    "door.exposure(timestamp with time zone)",
    "door.file_closed(uuid)",
    "door.quiz_board(uuid,integer)",
    "door.quiz_items(uuid[])",
    "door.quiz_place(uuid)",
    "door.quiz_teams(uuid)",
    "door.save_answer(uuid,smallint,smallint[],integer)",
    "door.start_attempt(uuid,uuid,bigint,uuid[],text,smallint)",
    "door.submit_attempt(uuid)",
    "door.are_sessions(uuid,uuid[])",
    "door.may_not_join(uuid)",
    "door.mediator_hindrance(uuid,uuid)",
    "door.mediators(uuid[])",
    "door.of_a_minor(text,uuid)",
    "door.open_file(uuid)",
    "door.unconcerned(uuid)",
    "door.earlier_measures(uuid)",
    "door.moderation_counts(timestamp with time zone,timestamp with time zone)",
    "door.outbox_waiting()",
    "door.people(uuid[])",
    "door.open_pickup(bytea,timestamp with time zone)",
    "door.pickup_told(bytea)",
    "door.posts(uuid[])",
    "door.posted_calendars(uuid[])",
    "door.promise_record(date,date)",
    "door.rateable(uuid[])",
    "door.reach(uuid[])",
    "door.my_touches(uuid[])",
    "door.follow_coverage()",
    "door.partner_exchange(text)",
    "door.outreach_opened(text,text)",
    "door.let_go(uuid,timestamp with time zone,timestamp with time zone)",
    "door.signed_in(uuid,uuid)",
    "door.spend_sms(integer)",
    "door.next_number(uuid,date)",
    "door.sms_spent()",
    "door.staff_readings(uuid[])",
    "door.staffed(uuid[])",
    "door.verify_paper(text,bytea)",
    "door.taken(uuid,timestamp with time zone,timestamp with time zone)",
    "door.window_standing(uuid[])",
    "door.take_push(bytea,bytea,uuid,text,text,bytea,bytea,bytea,text,jsonb,timestamp with time zone)",
}
"""What the API calls itself: a look at the board with its locks, how people stand for those who keep their files,
whether a minor's waits for an approval, who of the staff read what is one's own, and numbers alone, out or in. And what
the database's clock decides of a quiz, and the board, on which nobody has a name. And what a reviewer checks, sealed,
written to the asker's ledger. All else is called by triggers."""
BY_WORKER = {
    "door.forget_appointment(uuid)",
    "door.forget_service(uuid)",
    "door.forget_mediation(uuid)",
    "door.leave_mediations(uuid)",
    "door.forget_consultation(uuid)",
    "door.give_up_consultations(uuid)",
    "door.give_up_appointments(uuid)",
    "door.destroy(uuid)",
    "door.forget(text,integer)",
    "door.forget_application(uuid)",
}
BY_WORKER |= {
    f"door.give_up_{what}(uuid)" for what in ("applications", "drafts", "exports", "guardianships", "notices", "person")
}
BY_WORKER |= {"door.give_up_village(uuid)", "door.give_up_window(uuid)", "door.forget_slip(uuid)"}
BY_WORKER |= {"door.push_articles(uuid,integer,integer)", "door.forget_donations(uuid,uuid)"}
BY_WORKER |= {"door.publish_article(uuid)", "door.give_up_education(uuid)"}
BY_WORKER |= {"door.forget_identity(uuid)", "door.count_demand()", "door.recent_demand(date)"}
BY_WORKER |= {"door.audit_leaves(timestamp with time zone,timestamp with time zone)"}
BY_WORKER |= {"door.publish_demand(date)", "door.publish_outcomes()", "door.count_disputes()"}
BY_WORKER |= {"door.publish_satisfaction()", "door.publish_loops()"}
BY_WORKER |= {"door.report_moderators(uuid)", "door.forget_moderation(text,integer)", "door.give_up_moderation(uuid)"}
BY_WORKER |= {"door.measure_judges(uuid)", "door.appeal_waits(uuid)", "door.reports_follow(uuid)"}
BY_WORKER |= {"door.checkable(uuid,integer)", "door.quality_pool(date,date,integer,text[])"}
BY_WORKER |= {"door.marks_follow(uuid)", "door.give_up_quality(uuid)"}
BY_WORKER |= {"door.give_up_ratings(uuid)", "door.forget_statement(uuid)"}
BY_WORKER |= {"door.window_step(uuid,uuid,text,timestamp with time zone,timestamp with time zone)"}
BY_WORKER |= {"door.minor_access_over(uuid)", "door.channel_to_print(uuid)"}
BY_WORKER |= {"door.touch_pushed(uuid,uuid)", "door.touch_signed_in(uuid,text,timestamp with time zone,uuid)"}
BY_WORKER |= {"door.touch_reached(uuid[],text)", "door.forget_touches(integer)", "door.give_up_touches(uuid)"}
BY_WORKER |= {"door.give_up_enrolments(uuid)", "door.forget_enrolments(uuid)"}
BY_WORKER |= {"door.attempt_due(uuid)", "door.quiz_running(uuid)", "door.give_up_quizzes(uuid)"}
BY_WORKER |= {"door.quiz_passed(uuid)", "door.forget_attempts(uuid)"}
BY_WORKER |= {"door.givers_of(uuid)"}
BY_WORKER |= {"door.award_prizes(uuid,uuid[],bytea[],interval)", "door.prize_holders(uuid)", "door.lapse_prizes(uuid)"}
BY_WORKER |= {"door.give_up_entries(uuid)", "door.forget_entries(uuid)"}
BY_WORKER |= {"door.give_up_juries(uuid)", "door.forget_juries(uuid)", "door.contest_keeps(uuid)"}
BY_WORKER |= {"door.give_up_unagreed_enrolments(uuid)", "door.take_back_unagreed_entries(uuid)"}
BY_WORKER |= {f"door.list_{room}(uuid)" for room in ROOMS} | {"door.export_overdue(uuid)", "door.export_aged(uuid)"}
BY_WORKER |= {"door.address(uuid,integer)", "door.bad_address(uuid,integer)", "door.forget_deliveries(integer)"}
BY_WORKER |= {"door.reach(uuid[])", "door.give_up_services(uuid)"}
BY_WORKER |= {"door.paper_waiting(uuid)", "door.paper_failed(uuid)", "door.paper_made(uuid,bytea,integer,integer)"}
BY_WORKER |= {"door.push_of(uuid)", "door.follow(uuid,bytea)", "door.unfollow(uuid)", "door.bind_followed(uuid)"}
BY_WORKER |= {"door.forget_pushes(integer)", "door.spend_sms(integer)", "door.sms_spent()"}
"""What the worker calls: they destroy what was erased already, forget what the policy no longer keeps, and what was of
somebody who closes her account, put ids on the list of who wants a copy, and end that. And what the post needs: by
which channels people can be reached, one sealed address for who holds the lease of a delivery to it, a text message of
the city's budget. And what the press needs: what one paper that is not made is to say, sealed for it."""
BY_WORKER |= {"door.unagreed(uuid)", "door.give_up_dates(uuid)", "door.forget_dates(integer)"}
DESTROYS = {"access", "key", "notice", "read_mark", "reader", "sketch", "transcript"}
DESTROYS |= {"report_source", "measure", "donation_source", "article_push", "article_reader", "topic_choice"}
DESTROYS |= {"wechat_nonce", "wechat_push", "follower", "vote", "outreach_touch", "quiz_entrant"}
DESTROYS |= {"follow_through", "follow_through_declined"}
DESTROYS |= {
    "outbox",
    "idempotency",
    "feed",
    "sms_code",
    "refresh_token",
    "sign_in",
    "draft",
    "kept_date",
    "application_draft",
    "identity",
    "credential",
    "age_said",
    "village_said",
    "export",
    "export_part",
    "delivery",
    "message_consent",
    "notice_preference",
    "sign_in_try",
    "invitation",
    "file",
}
"""Of which the door deletes rows: of what was erased, and of what was kept for long enough."""
LEAVES = {"app.reader", "app.offer", "app.delegation", "app.role_held", "app.post"}


@pytest.mark.anyio
async def test_every_table_is_walled_and_belongs_to_the_owner(city: City) -> None:
    tables = await city.sql("""SELECT relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner)
        FROM pg_class
        WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'alembic_version'""")
    assert len(tables) >= 20
    assert [name for name, *wall in tables if wall != [True, True, "app_owner"]] == []
    elsewhere = await city.sql("""SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
        AND relnamespace NOT IN ('app'::regnamespace, 'turned'::regnamespace)
        AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast')""")
    assert elsewhere == []


@pytest.mark.anyio
async def test_nobody_who_runs_the_house_owns_or_inherits_anything(city: City) -> None:
    mighty = await city.sql(r"""SELECT rolname FROM pg_roles WHERE rolname LIKE 'app\_%'
        AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)""")
    assert mighty == []
    owned = await city.sql(
        """SELECT refobjid::regrole::text, classid::regclass::text, objid FROM pg_shdepend
        WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o' AND refobjid::regrole::text = ANY(:roles)""",
        roles=[*RUNNING],
    )
    assert owned == []
    members = await city.sql("SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members")
    assert {member for member, _ in members}.isdisjoint({*RUNNING, "app_door"})
    assert {member for member, of in members if of.startswith("app_")} <= {"app_owner"}
    tables = await city.sql("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'app_door'")
    assert tables == []


@pytest.mark.anyio
async def test_nobody_who_runs_the_house_deletes_or_empties(city: City) -> None:
    rights = await city.sql("""SELECT role, relname, privilege
        FROM pg_class, unnest(ARRAY['app_api', 'app_worker', 'app_door', 'public']) AS role,
             unnest(ARRAY['DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
        WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p')
          AND has_table_privilege(role, oid, privilege)""")
    assert {tuple(right) for right in rights} == {("app_door", table, "DELETE") for table in DESTROYS}
    places = await city.sql("""SELECT role, nspname
        FROM pg_namespace, unnest(ARRAY['app_api', 'app_worker', 'public']) AS role
        WHERE nspname IN ('app', 'door', 'public', 'turned') AND has_schema_privilege(role, oid, 'CREATE')""")
    assert places == []
    temporary = await city.sql("""SELECT role FROM unnest(ARRAY['app_api', 'app_worker']) AS role
        WHERE has_database_privilege(role, current_database(), 'TEMPORARY, CREATE')""")
    assert temporary == []


@pytest.mark.anyio
async def test_the_public_sees_and_calls_nothing(city: City) -> None:
    tables = await city.sql("""SELECT relname FROM pg_class
        WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p', 'S')
        AND (CASE relkind WHEN 'S' THEN has_sequence_privilege('public', oid, 'SELECT, UPDATE, USAGE')
                          ELSE has_table_privilege('public', oid, 'SELECT, INSERT, UPDATE') END)""")
    assert tables == []
    functions = await city.sql("""SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace IN ('app'::regnamespace, 'door'::regnamespace)
          AND has_function_privilege('public', oid, 'EXECUTE')""")
    assert functions == []


@pytest.mark.anyio
async def test_the_doors_pin_their_path_and_only_few_are_called_by_hand(city: City) -> None:
    definers = await city.sql("""SELECT oid::regprocedure::text AS name, proconfig, pg_get_userbyid(proowner),
            has_function_privilege('app_worker', oid, 'EXECUTE'), has_function_privilege('app_api', oid, 'EXECUTE'),
            pronamespace = 'door'::regnamespace
        FROM pg_proc WHERE prosecdef
          AND pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')""")
    assert len(definers) >= 8
    for name, config, owner, worker, api, in_door in definers:
        assert (config, owner, in_door) == (['search_path=""'], "app_door", True), name
        assert worker == (name in BY_WORKER), name
        assert api == (name in BY_HAND), name
    plain = await city.sql("SELECT proname FROM pg_proc WHERE pronamespace = 'door'::regnamespace AND NOT prosecdef")
    assert plain == []


@pytest.mark.anyio
async def test_no_policy_leads_back(city: City) -> None:
    """Four tables are asked and ask nothing; every other policy asks them alone. (A cycle would recurse for ever.) Only
    the words of a recording ask the recording, whose own wall stands for both."""
    edges = await city.sql("""SELECT DISTINCT p.polrelid::regclass::text, d.refobjid::regclass::text
        FROM pg_policy p JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid <> p.polrelid""")
    graph: dict[str, set[str]] = {}
    for table, asked in edges:
        graph.setdefault(table, set()).add(asked)
    assert set(TopologicalSorter(graph).static_order()) >= {"app.question", "app.key", "app.answer", "app.feed"}
    assert LEAVES.isdisjoint(graph)
    assert {table for table, asked in graph.items() if "app.file" in asked} == {"app.transcript"}
    assert set().union(*graph.values()) == LEAVES | {"app.file"}


@pytest.mark.anyio
async def test_every_policy_that_looks_elsewhere_probes_row_by_row(city: City) -> None:
    """OFFSET 0 keeps the planner from hashing all that a person may read, and keeps the order of a page."""
    policies = await city.sql("""SELECT polrelid::regclass::text || '.' || polname,
            concat_ws(' ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy""")
    assert len(policies) > 40
    for name, rule in policies:
        assert rule.count("EXISTS (") == rule.count("OFFSET 0"), name
        assert rule.count("SELECT") == rule.count("EXISTS ("), name


def test_who_is_asking_is_said_in_two_places_alone() -> None:
    allowed = {"app.person": {"app/core/saying.py", "app/accounts/actions/identity.py"}}
    allowed["app.presented"] = {"app/accounts/actions/identity.py"}
    for setting, places in allowed.items():
        spoken = re.compile(rf"set_config\(\s*'{setting}'")
        found = [p for p in source.files(source.APP, source.ROOT / "workers") if spoken.search(source.said(p))]
        assert {source.place(path) for path in found} == places


def test_no_setting_outlives_its_transaction() -> None:
    """What a pooled connection was told for longer, the next person would inherit."""
    sticks = re.compile(
        r"\bSET\s+(SESSION\s+)?app\.|set_config\([^)]*,\s*false\s*\)|\bSET\s+(SESSION\s+)?(AUTH|ROLE)", re.I
    )
    assert sticks.search("SET app.person = 'x'")
    assert sticks.search("SELECT set_config('app.person', :p, false)")
    spoken = source.files(source.APP, source.ROOT / "workers", source.ROOT / "scripts")
    assert [source.place(path) for path in spoken if sticks.search(source.said(path))] == []


def test_no_room_commits() -> None:
    """A transaction is opened by whoever is asked (a resolver, a worker), and ends where it began."""
    ends = {"commit", "rollback", "begin", "begin_nested"}
    for path in source.files(*source.ROOMS):
        for call in source.calls(path):
            assert not (isinstance(call.func, ast.Attribute) and call.func.attr in ends), source.place(path, call)


def test_the_domain_reads_no_clock() -> None:
    """Time is passed in; `now(session)` and `clock()` are the database's, which a test can turn."""
    clocks = {"datetime", "date", "time", "func", "arrow"}
    readings = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}
    readings |= {"current_timestamp", "clock_timestamp", "statement_timestamp", "transaction_timestamp"}
    assert len(source.domain()) > 30
    for path in source.domain():
        for call in source.calls(path):
            match call.func:
                case ast.Attribute(ast.Name(base), reading):
                    assert not (base in clocks and reading in readings), source.place(path, call)
        for node in ast.walk(ast.parse(source.said(path))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
                assert "time" not in names, source.place(path, node)
        sql = re.search(r"\b(now\(\)|clock_timestamp\(\)|current_timestamp\b)", source.said(path), re.I)
        assert sql is None, source.place(path)


def test_only_the_release_reads_keys() -> None:
    """`release` writes the ledger; a second way to a key would not. (`door.check_readings` writes it itself.)"""
    using = [
        p
        for p in source.files(source.APP, source.ROOT / "workers")
        if re.search(r"vault\.models import .*\bKey\b", source.said(p))
    ]
    assert [source.place(path) for path in using] == ["app/vault/actions/keys.py"]
    spoken = [p for p in source.files(source.APP) if re.search(r"app\.key\b", source.said(p))]
    assert [source.place(path) for path in spoken] == [
        "app/migrations/versions/0001_foundation.py",
        "app/migrations/versions/0007_life.py",
        "app/migrations/versions/0018_erasure.py",
        "app/migrations/versions/0021_retention.py",
        "app/migrations/versions/0022_rotation.py",
        "app/migrations/versions/0023_files.py",
        "app/migrations/versions/0025_closing.py",
        "app/migrations/versions/0027_lawyer_applications.py",
        "app/migrations/versions/0033_keeping.py",
        "app/migrations/versions/0046_appointments.py",
        "app/migrations/versions/0048_applications.py",
        "app/migrations/versions/0049_institution_consultations.py",
        "app/migrations/versions/0050_consultations_told.py",
        "app/migrations/versions/0051_application_kinds.py",
        "app/migrations/versions/0052_window_visits.py",
        "app/migrations/versions/0055_minors_appointments.py",
        "app/migrations/versions/0056_papers.py",
        "app/migrations/versions/0057_counter.py",
        "app/migrations/versions/0059_mediation.py",
        "app/migrations/versions/0060_mediation_records.py",
        "app/migrations/versions/0072_window_receipts.py",
        "app/migrations/versions/0075_donations.py",
        "app/migrations/versions/0076_quiz_certificates.py",
        "app/migrations/versions/0077_contests.py",
        "app/migrations/versions/0080_quiz_prizes.py",
        "app/migrations/versions/0085_contest_awards.py",
        "app/migrations/versions/0121_kept_dates.py",
        "app/migrations/versions/0122_nothing_is_left_lying.py",
        "app/migrations/versions/0131_reports.py",
        "app/migrations/versions/0134_quality_checks.py",
        "app/migrations/versions/0136_measure_appeals.py",
        "app/migrations/versions/0140_checks_keep_their_word.py",
        "app/vault/actions/keys.py",
    ]
