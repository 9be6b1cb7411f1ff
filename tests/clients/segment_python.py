"""What a server with segment-analytics-python does: segment_python.py URL KEY EVENTS USERS"""

import sys

import segment.analytics as client

url, key, events, users = sys.argv[1:]
client.write_key, client.host = key, url
client.upload_size, client.upload_interval, client.gzip, client.max_retries = 10, 0.05, True, 10
for n in range(int(events)):
    client.track(f"user-{n % int(users)}", "bought", {"n": n})
client.flush()
client.shutdown()
