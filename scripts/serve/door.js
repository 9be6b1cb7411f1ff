// The door of a box: a small Worker before the collector, which does what the platform's edge does elsewhere. It serves the
// static files, and says from which address a request comes.

/**
 * Whose request it is: the connection's other end. Where that is a proxy of the owner's, the header that they named; of a list
 * of addresses the last one that is none of their proxies, since whatever stands before it anybody may have written.
 */
export function addressOf(peer, header, proxies) {
  if (header === null || !proxies.includes(peer)) return peer;
  const said = header.split(',').map((part) => bare(part.trim())).filter((part) => part !== '');
  return said.findLast((address) => !proxies.includes(address)) ?? peer;
}

/** An address without port and brackets. */
function bare(address) {
  const inBrackets = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1];
  const withPort = /^([\d.]+):\d+$/.exec(address)?.[1];
  return (inBrackets ?? withPort ?? address).replace(/^::ffff:(?=[\d.]+$)/i, '');
}

/** A file that is served: `found` is its entry in the list that was made when the server started. */
async function serve(request, found, env) {
  const headers = new Headers(found.headers);
  headers.set('ETag', found.etag);
  const known = request.headers.get('If-None-Match')?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  if (known.includes(found.etag)) return new Response(null, { status: 304, headers });
  headers.set('Content-Type', found.type);
  if (request.method === 'HEAD') return new Response(null, { headers });
  const file = await env.FILES.fetch(`http://files${found.file}`);
  return new Response(file.body, { status: file.status, headers });
}

export default {
  async fetch(request, env) {
    const found = env.LIST[new URL(request.url).pathname];
    if (found !== undefined && (request.method === 'GET' || request.method === 'HEAD')) return serve(request, found, env);
    const headers = new Headers(request.headers);
    const url = new URL(request.url);
    const peer = bare(request.cf?.clientIp ?? '');
    const said = env.PROXY_HEADER === '' ? null : request.headers.get(env.PROXY_HEADER);
    // What a client says of itself in these names is not taken from it: elsewhere the platform sets them.
    for (const name of [...headers.keys()]) if (name.startsWith('cf-')) headers.delete(name);
    headers.set('CF-Connecting-IP', addressOf(peer, said, env.PROXIES));
    // Pages speak of the address at which they are: that of the proxy, which ends TLS.
    if (env.PROXIES.includes(peer) && request.headers.get('X-Forwarded-Proto') === 'https') url.protocol = 'https:';
    return env.COLLECTOR.fetch(new Request(url, new Request(request, { headers, cf: {} })));
  },
};
