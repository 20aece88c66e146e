"""The tables, in the order they came about. A released script is never changed: the next one changes tables."""

_USAGE = """
    input_tokens bigint, output_tokens bigint, total_tokens bigint, cached_input_tokens bigint,
    cache_write_tokens bigint, cache_write_long_tokens bigint, reasoning_tokens bigint,
    audio_input_tokens bigint, audio_output_tokens bigint,
    cost numeric, cost_source text, cost_complete boolean NOT NULL, cost_at_most numeric, cost_note text NOT NULL"""

MIGRATIONS = (
    f"""
    CREATE TABLE calls (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        call_id text NOT NULL UNIQUE, at timestamptz NOT NULL, project text NOT NULL, environment text NOT NULL,
        role text NOT NULL, variant text, provider text NOT NULL, model text NOT NULL, mode text NOT NULL,
        method text NOT NULL, status text NOT NULL, error_class text, stream boolean NOT NULL, cached boolean NOT NULL,
        latency double precision NOT NULL, time_to_first_chunk double precision, user_hash text,
        labels jsonb NOT NULL, prompt text, answer text, {_USAGE}
    );
    CREATE INDEX calls_by_time ON calls (at);
    CREATE TABLE attempts (
        call_id text NOT NULL REFERENCES calls (call_id) ON DELETE CASCADE, number integer NOT NULL,
        provider text NOT NULL, model text NOT NULL, status text NOT NULL, duration double precision NOT NULL,
        began double precision NOT NULL, status_code integer, error_class text, {_USAGE},
        PRIMARY KEY (call_id, number)
    );
    CREATE TABLE feedback (
        at timestamptz NOT NULL DEFAULT now(), call_id text NOT NULL, score double precision NOT NULL,
        labels jsonb NOT NULL, project text NOT NULL, environment text NOT NULL
    );
    CREATE INDEX feedback_by_call ON feedback (call_id);
    CREATE TABLE purses (
        key text PRIMARY KEY, spent numeric NOT NULL DEFAULT 0, held numeric NOT NULL DEFAULT 0,
        presumed numeric NOT NULL DEFAULT 0, unpriced bigint NOT NULL DEFAULT 0
    );
    CREATE TABLE holds (
        reservation_id text NOT NULL, purse text NOT NULL REFERENCES purses (key), amount numeric NOT NULL,
        expires_at timestamptz NOT NULL, release boolean NOT NULL, state text NOT NULL DEFAULT 'held',
        PRIMARY KEY (reservation_id, purse)
    );
    CREATE INDEX holds_by_expiry ON holds (state, expires_at)
    """,
)
