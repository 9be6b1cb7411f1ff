// What the collector is compared with: Workers that do less than any collector must. Their ratios to it hold on other machines
// more or less; their own figures do not.

/** Answers at once. */
export const noop = 'export default { fetch() { return new Response() } }';

/** Has one object answer, and does nothing else. */
export const hop = `
export class Shard {
  fetch() { return new Response() }
}
export default {
  fetch(request, env) { return env.SHARD.getByName('one').fetch(request) }
}`;

/** Has one object put the body into a table, unread. */
export const insert = `
export class Shard {
  constructor(state) {
    this.sql = state.storage.sql;
    this.sql.exec('CREATE TABLE IF NOT EXISTS batch (id INTEGER PRIMARY KEY, body BLOB)');
  }
  async fetch(request) {
    this.sql.exec('INSERT INTO batch (body) VALUES (?)', await request.arrayBuffer());
    return new Response();
  }
}
export default {
  fetch(request, env) { return env.SHARD.getByName('one').fetch(request) }
}`;
