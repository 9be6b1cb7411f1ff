// What a server with @segment/analytics-node does: node segment-node.mjs URL KEY EVENTS USERS
import { Analytics } from '@segment/analytics-node';

const [url, key, events, users] = process.argv.slice(2);
const client = new Analytics({ host: url, path: '/v1/batch', writeKey: key, flushAt: 10, flushInterval: 50, maxRetries: 20 });
for (let n = 0; n < Number(events); n++) client.track({ userId: `user-${n % Number(users)}`, event: 'bought', properties: { n } });
await client.closeAndFlush();
