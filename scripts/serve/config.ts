// Writes the configuration of workerd for one box: config.ts DATA ADDRESS PUBLIC PROXY_HEADER PROXIES. Prints where it is.
// Sites and their settings are those of wrangler.toml, or those in DATA/sites.json, where that is.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { unstable_readConfig } from 'wrangler';
import { collectorConfig, text } from '../workerd-config.ts';
import { filesOf } from './files.ts';

const root = path.resolve(import.meta.dirname, '../..');
const [data, address, files, proxyHeader, proxies] = process.argv.slice(2) as [string, string, string, string, string];
const folder = path.resolve(data);
const storage = path.join(folder, 'storage');
mkdirSync(storage, { recursive: true, mode: 0o700 });

const trusted = proxies.split(',').map((proxy) => proxy.trim()).filter((proxy) => proxy !== '');
const wrong = trusted.find((proxy) => isIP(proxy) === 0);
if (wrong !== undefined) throw new Error(`PROXIES: ${wrong} is no address`);
if (proxyHeader !== '' && !/^[A-Za-z0-9-]+$/.test(proxyHeader)) throw new Error(`PROXY_HEADER: ${proxyHeader} is no header's name`);

const { vars } = unstable_readConfig({ config: path.join(root, 'wrangler.toml') });
const own = path.join(folder, 'sites.json');
const sites = existsSync(own) ? { SITES: JSON.parse(readFileSync(own, 'utf8')) } : {};
const door = path.join(import.meta.dirname, 'door.js');
const constants = `const door :Workerd.Worker = (
  modules = [(name = "door.js", esModule = embed ${text(path.relative(folder, door))})],
  compatibilityDate = "2026-11-01",
  bindings = [
    (name = "COLLECTOR", service = "collector"),
    (name = "FILES", service = "files"),
    (name = "LIST", json = ${text(JSON.stringify(filesOf(path.resolve(files))))}),
    (name = "PROXY_HEADER", text = ${text(proxyHeader)}),
    (name = "PROXIES", json = ${text(JSON.stringify(trusted))}),
  ],
);
`;
const config = collectorConfig({
  folder,
  storage,
  address,
  bindings: { ...vars, ...sites },
  // In no file that is read by others, nor in a list of processes.
  environment: ['PASSERBY_ADMIN_KEY'],
  service: 'door',
  beside: { services: ['(name = "door", worker = .door)', `(name = "files", disk = (path = ${text(path.resolve(files))}))`], constants },
});
const file = path.join(folder, 'workerd.capnp');
writeFileSync(file, config, { mode: 0o600 });
console.log(file);
