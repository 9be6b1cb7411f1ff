// Gives the demo shop its shoppers: those of the last sixty days, and those of now. Run by scripts/demo.sh beside the collector.

import { playOn } from './live.ts';
import { importPast } from './past.ts';

const days = 60;
const site = 'demo';

const [url] = process.argv.slice(2);
const key = process.env['PASSERBY_ADMIN_KEY'];
if (url === undefined || key === undefined) throw new Error('usage: PASSERBY_ADMIN_KEY=... node scripts/demo/main.ts URL');

const nowMs = Date.now();
void playOn({ url, site }, nowMs);

const say = (text: string) => process.stdout.write(process.stdout.isTTY ? `\r  history     ${text}` : '');
await importPast({ url, key, site }, days, nowMs, (there) => say(`${there} of ${days} days`));
console.log(`${process.stdout.isTTY ? '\r' : ''}  history     ${days} days, in ${Math.round((Date.now() - nowMs) / 1000)} s; visitors come as you look`);
