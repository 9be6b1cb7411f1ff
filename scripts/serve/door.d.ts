/** See door.js. `header` is what the request says, if it says something. */
export function addressOf(peer: string, header: string | null, proxies: string[]): string;
