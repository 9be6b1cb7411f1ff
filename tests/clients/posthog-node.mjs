// What a server with posthog-node does: node posthog-node.mjs URL KEY EVENTS USERS
import { PostHog } from 'posthog-node';

const [url, key, events, users] = process.argv.slice(2);
const client = new PostHog(key, { host: url, flushAt: 10, flushInterval: 50, fetchRetryCount: 8, fetchRetryDelay: 50 });
for (let n = 0; n < Number(events); n++) client.capture({ distinctId: `user-${n % Number(users)}`, event: 'bought', properties: { n } });
await client.shutdown(60_000);
