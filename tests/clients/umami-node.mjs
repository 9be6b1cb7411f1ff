// What a server with @umami/node does: node umami-node.mjs URL WEBSITE EVENTS
import umami from '@umami/node';

const [url, website, events] = process.argv.slice(2);
const client = new umami.Umami({ websiteId: website, hostUrl: url });
for (let n = 0; n < Number(events); n++) {
  // The client sends once; whoever calls it sends again.
  const arrives = () => client.track('bought', { n }).then(({ ok }) => ok, () => false);
  while (!(await arrives()));
}
