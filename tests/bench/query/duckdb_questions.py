"""DuckDB's side of the bench: the same visits and events as Parquet, the same questions, one thread.

duckdb_questions.py FOLDER FROM_MS TO_MS, with visits.csv and events.csv in FOLDER, prints {question: {ms, answer}} as JSON.

Each question is put in the way that suits DuckDB best. What is about visits reads a table of visits, in which our sessions are
summed up already; what is about events reads a table in which each event carries its visit's source, country and device, so that
nothing has to be joined. Loading is not timed. Both have been read before, so that the files are in memory.
"""

import json
import statistics
import sys
import time

import duckdb

RUNS = 5

folder, from_ms, to_ms = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
db = duckdb.connect()
db.execute("SET threads = 1")
form = "header = true, nullstr = '\\N', types = {'visitor': 'UBIGINT'}"
for table in ["visits", "events"]:
    db.execute(f"COPY (FROM read_csv('{folder}/{table}.csv', {form})) TO '{folder}/{table}.parquet'")
    db.execute(f"CREATE VIEW {table} AS FROM '{folder}/{table}.parquet'")

visits = f"visits WHERE start_ms >= {from_ms} AND start_ms < {to_ms}"
events = f"events WHERE at_ms >= {from_ms} AND at_ms < {to_ms}"
of_pages = "count(DISTINCT visitor), count(*) FILTER (name = 'pageview')"
top = "GROUP BY page ORDER BY 2 DESC, 1 LIMIT 20"


def funnel(steps):
    """For each step the first event of each visitor that is one, after that of the step before."""
    parts, last = [], len(steps) - 1
    for place, step in enumerate(steps):
        before = f"JOIN step_{place - 1} USING (visitor)" if place else ""
        after = f"AND events.at_ms > step_{place - 1}.first_ms" if place else ""
        parts.append(
            f"step_{place} AS MATERIALIZED (SELECT visitor, min(events.at_ms) AS first_ms FROM events {before} "
            f"WHERE events.at_ms >= {from_ms} AND events.at_ms < {to_ms} AND {step} {after} GROUP BY visitor)"
        )
    counts = " UNION ALL ".join(f"SELECT {place} AS place, count(*) FROM step_{place}" for place in range(last + 1))
    return f"WITH {', '.join(parts)} {counts} ORDER BY place"


steps = [
    "name = 'pageview' AND page = '/'",
    "name = 'pageview' AND starts_with(page, '/products/')",
    "name = 'Add to cart'",
    "name = 'Purchase'",
]
questions = {
    "aggregate": f"""
        SELECT count(DISTINCT visitor), count(*), sum(pageviews), sum(events), round(100 * avg(bounced)),
               round(sum(length_ms) FILTER (bounced = 0) / count(*) / 1000)
        FROM {visits}""",
    "by_day": f"SELECT at_ms // 86400000 AS day, {of_pages} FROM {events} GROUP BY day ORDER BY 2 DESC, 1 LIMIT 20",
    "by_source": f"SELECT source, count(DISTINCT visitor), count(*) FROM {visits} GROUP BY source ORDER BY 2 DESC, 1 LIMIT 20",
    "top_paths": f"SELECT page, {of_pages} FROM {events} {top}",
    "filtered": f"SELECT page, {of_pages} FROM {events} AND source = 'Google' AND device = 'Mobile' {top}",
    "funnel_3": funnel(steps[:3]),
    "funnel_4": funnel(steps),
}

answers = {}
for name, question in questions.items():
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        rows = db.execute(question).fetchall()
        times.append((time.perf_counter() - start) * 1000)
    answer = [[cell if isinstance(cell, str) else float(cell) for cell in row] for row in rows]
    answers[name] = {"ms": statistics.median(times), "answer": answer}
print(json.dumps({"version": duckdb.__version__, "questions": answers}))
