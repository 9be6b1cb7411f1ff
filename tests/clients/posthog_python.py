"""What a server with posthog-python does: posthog_python.py URL KEY EVENTS USERS"""

import sys

from posthog import Posthog

url, key, events, users = sys.argv[1:]
client = Posthog(key, host=url, flush_at=10, flush_interval=0.05, gzip=True, max_retries=10)
for n in range(int(events)):
    client.capture("bought", distinct_id=f"user-{n % int(users)}", properties={"n": n})
client.shutdown()
