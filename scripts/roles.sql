-- The roles of the house, and what they may do with this database. Read it, then run it once, connected to the
-- database of the house as its owner, with the right to create roles (a superuser, or an owner with CREATEROLE):
--
--     psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f scripts/roles.sql
--     psql "$DATABASE_URL" -c '\password app_owner'        and so for app_api and app_worker
--
-- It may be run again at any time, and needs PostgreSQL 15 or newer.
--
--   app_owner   owns the tables and runs migrations; no process of the running house knows its password
--   app_door    owns the few functions that look past a wall, and nothing else; nobody signs in as it
--   app_api     answers people: reads and writes what row-level security lets the person see
--   app_worker  does what falls due; has no right to content

DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('app_owner', 'LOGIN NOINHERIT'),
            ('app_door', 'NOLOGIN'),
            ('app_api', 'LOGIN'),
            ('app_worker', 'LOGIN')) AS role (name, rights)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.rights);
        END IF;
    END LOOP;
END $$;

-- So that a migration may SET ROLE app_door. app_api and app_worker are members of nothing.
GRANT app_door TO app_owner;

-- Everybody may connect to a new database and make temporary tables there; a temporary table can shadow a name.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO app_owner, app_api, app_worker', current_database());
    EXECUTE format('GRANT CREATE ON DATABASE %I TO app_owner', current_database());
    -- PostgreSQL only warns where the caller may not grant.
    IF NOT has_database_privilege('app_owner', current_database(), 'CREATE') THEN
        RAISE EXCEPTION 'Run this as the owner of the database %.', current_database();
    END IF;
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- A person waits two seconds at most for a lock and is told to try again: a statement's own time must be longer, or it
-- would end the wait first, as a fault. Nothing of ours holds a transaction open while it thinks.
ALTER ROLE app_api SET statement_timeout = '4s';
ALTER ROLE app_api SET lock_timeout = '2s';
ALTER ROLE app_api SET idle_in_transaction_session_timeout = '5s';
ALTER ROLE app_worker SET statement_timeout = '10s';
ALTER ROLE app_worker SET lock_timeout = '2s';
ALTER ROLE app_worker SET idle_in_transaction_session_timeout = '5s';
