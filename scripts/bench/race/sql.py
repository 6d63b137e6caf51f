"""The tables without walls that peers read, and the one statement that each read would need at least."""

from typing import Final

TABLES: Final = """
CREATE SCHEMA plain;
CREATE TABLE plain.firm (id uuid PRIMARY KEY, name text NOT NULL, province text NOT NULL);
CREATE TABLE plain.lawyer (id uuid PRIMARY KEY, name text NOT NULL, title text NOT NULL, introduction text NOT NULL,
    languages text[] NOT NULL, firm uuid NOT NULL REFERENCES plain.firm);
CREATE TABLE plain.question (id uuid PRIMARY KEY, asker uuid NOT NULL, category text NOT NULL, division text NOT NULL,
    status text NOT NULL, asked_at timestamptz NOT NULL, body text NOT NULL);
CREATE TABLE plain.answer (id uuid PRIMARY KEY, question uuid NOT NULL REFERENCES plain.question,
    lawyer uuid NOT NULL REFERENCES plain.lawyer, delivered_at timestamptz NOT NULL, counts boolean NOT NULL,
    conclusion text NOT NULL, text text NOT NULL, next_steps text[] NOT NULL, summary text NOT NULL);
CREATE TABLE plain.place (id uuid PRIMARY KEY, longitude double precision NOT NULL, latitude double precision NOT NULL)
"""
INDEXES: Final = """
CREATE INDEX ON plain.question (asker, asked_at DESC, id DESC);
CREATE INDEX ON plain.question (asked_at);
CREATE INDEX ON plain.answer (question, delivered_at, id);
CREATE INDEX ON plain.answer (lawyer);
CREATE INDEX ON plain.answer (delivered_at);
CREATE INDEX ON plain.lawyer (name, id);
CREATE INDEX ON plain.lawyer (firm);
CREATE INDEX ON plain.place USING gist (point(longitude, latitude));
CREATE TYPE plain.map_point AS (key text, count int, longitude double precision, latitude double precision);
CREATE FUNCTION plain.map_points(west double precision, south double precision, east double precision,
    north double precision, side int) RETURNS SETOF plain.map_point LANGUAGE sql STABLE AS $$
    SELECT cells.x || '/' || cells.y, count(*)::int, avg(longitude), avg(latitude) FROM plain.place,
        LATERAL (SELECT floor((longitude + 180) / 360 * side)::int AS x,
            floor((0.5 - asinh(tan(radians(latitude))) / (2 * pi())) * side)::int AS y) cells
    WHERE point(longitude, latitude) <@ box(point(west, south), point(east, north))
    GROUP BY cells.x, cells.y ORDER BY cells.y, cells.x $$
"""

_LAWYER = """json_build_object('id', l.id, 'name', l.name, 'firm', (SELECT json_build_object('id', f.id, 'name', f.name)
    FROM plain.firm f WHERE f.id = l.firm))"""
_ANSWERS = f"""(SELECT json_agg(json_build_object('id', a.id, 'deliveredAt', a.delivered_at, 'counts', a.counts,
    'conclusion', a.conclusion, 'text', a.text, 'nextSteps', a.next_steps, 'summary', a.summary,
    'lawyer', (SELECT {_LAWYER} FROM plain.lawyer l WHERE l.id = a.lawyer)) ORDER BY a.delivered_at, a.id)
    FROM plain.answer a WHERE a.question = q.id)"""
_QUESTION = f"""json_build_object('id', q.id, 'status', q.status, 'askedAt', q.asked_at, 'body', q.body,
    'answers', {_ANSWERS})"""

STATEMENTS: Final = {
    "inbox": f"""SELECT json_agg({_QUESTION} ORDER BY q.asked_at DESC, q.id DESC) FROM (
    SELECT * FROM plain.question WHERE asker = $1 ORDER BY asked_at DESC, id DESC LIMIT 20) q""",
    "thread": f"SELECT {_QUESTION} FROM plain.question q WHERE q.id = $1",
    "directory": """SELECT json_agg(json_build_object('id', l.id, 'name', l.name, 'title', l.title,
    'introduction', l.introduction, 'languages', l.languages, 'firm', json_build_object('id', f.id, 'name', f.name))
    ORDER BY l.name, l.id) FROM (SELECT * FROM plain.lawyer ORDER BY name, id LIMIT 50) l
    JOIN plain.firm f ON f.id = l.firm""",
    "map": """SELECT json_agg(p) FROM plain.map_points($1::float8, $2::float8, $3::float8, $4::float8, $5::int) p""",
    "ask": """INSERT INTO plain.question (id, asker, category, division, status, asked_at, body)
    VALUES ($1, $2, $3, $4, 'OPEN', now(), $5)
    RETURNING json_build_object('id', id, 'status', status, 'askedAt', asked_at, 'body', body)""",
    "answer": """INSERT INTO plain.answer
    (id, question, lawyer, delivered_at, counts, conclusion, text, next_steps, summary)
    VALUES ($1, $2, $3, now(), true, $4, $5, $6, $7)
    RETURNING json_build_object('id', id, 'counts', counts, 'deliveredAt', delivered_at, 'text', text)""",
}
