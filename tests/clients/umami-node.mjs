// What a server with @umami/node does: node umami-node.mjs URL WEBSITE EVENTS
import umami from '@umami/node';

const [url, website, events] = process.argv.slice(2);
const client = new umami.Umami({ websiteId: website, hostUrl: url });
for (let n = 0; n < Number(events); n++) {
  const answer = await client.track('bought', { n });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}
