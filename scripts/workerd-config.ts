// workerd's configuration for the built collector: the objects that wrangler.toml gives it, with their storage on the local disk.

import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** The bundle. */
export const build = path.join(root, 'edge-collector/build');

/** A value of Cap'n Proto's text. */
export const text = (value: string): string => JSON.stringify(value);

/** The bindings of wrangler.toml's Durable Objects: each one's name and its class. */
export function objects(): Record<string, string> {
  const settings = readFileSync(path.join(root, 'wrangler.toml'), 'utf8');
  const bindings = settings.matchAll(/^\[\[durable_objects\.bindings\]\]\nname = "(\w+)"\nclass_name = "(\w+)"$/gm);
  return Object.fromEntries([...bindings].map(([, name, className]) => [name, className]));
}

/** What stands beside the collector: more services, sockets, bindings and extensions, in the elements of their lists, and what they name. */
export type Beside = { services?: string[]; sockets?: string[]; bindings?: string[]; extensions?: string[]; constants?: string };

export type Served = {
  /** Where the file will be: `embed` takes paths from there. */
  folder: string;
  /** A folder that there is, for the objects. */
  storage: string;
  /** "127.0.0.1:0" lets the system choose a port. */
  address: string;
  /** Values of the Worker's: texts, or what JSON can say. */
  bindings: Record<string, unknown>;
  /** Texts that workerd takes from its environment, by the same names. */
  environment?: string[];
  /** What the socket leads to, if not to the collector. */
  service?: string;
  /** Where the bundle is, if not where it is built. */
  bundle?: string;
  beside?: Beside;
};

export function collectorConfig({ folder, storage, address, bindings, environment = [], service = 'collector', bundle = build, beside = {} }: Served): string {
  // An absolute path would be looked for among workerd's own files.
  const file = (name: string) => text(path.relative(folder, path.join(bundle, name)));
  const value = (value: unknown) => (typeof value === 'string' ? `text = ${text(value)}` : `json = ${text(JSON.stringify(value))}`);
  const lines = (indent: string, items: string[]) => items.map((item) => `${indent}${item},\n`).join('');
  const classes = Object.entries(objects());
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "collector", worker = .collector),
    (name = "storage", disk = (path = ${text(storage)}, writable = true)),
${lines('    ', beside.services ?? [])}  ],
  sockets = [
    (name = "http", address = ${text(address)}, http = (), service = ${text(service)}),
${lines('    ', beside.sockets ?? [])}  ],
  extensions = [
${lines('    ', beside.extensions ?? [])}  ],
);
const collector :Workerd.Worker = (
  modules = [
    (name = "entry.js", esModule = embed ${file('entry.js')}),
    (name = "index.js", esModule = embed ${file('index.js')}),
    (name = "./index_bg.wasm", wasm = embed ${file('index_bg.wasm')}),
  ],
  compatibilityDate = "2026-11-01",
  bindings = [
${lines('    ', Object.entries(bindings).map(([name, given]) => `(name = ${text(name)}, ${value(given)})`))}${
    lines('    ', environment.map((name) => `(name = ${text(name)}, fromEnvironment = ${text(name)})`))}${
    lines('    ', classes.map(([name, className]) => `(name = ${text(name)}, durableObjectNamespace = ${text(className)})`))}${
    lines('    ', beside.bindings ?? [])}  ],
  durableObjectNamespaces = [
${lines('    ', classes.map(([, className]) => `(className = ${text(className)}, uniqueKey = ${text(className.toLowerCase())}, enableSql = true)`))}  ],
  durableObjectStorage = (localDisk = "storage"),
);
${beside.constants ?? ''}`;
}
