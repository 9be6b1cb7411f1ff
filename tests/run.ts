// Runs every suite there is, streams what they print, and ends with one line: `N passed, N failed`.
// A suite that ends badly without a failed test, or that runs no test at all, is one failure.

import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

type Count = { passed: number; failed: number; skipped: number };
type Suite = { name: string; what: string; run: () => Promise<Count> };

const root = path.resolve(import.meta.dirname, '..');

/** Longest time that one test file may take, so that a test that hangs is a failure, not a stalled run. */
const FILE_TIMEOUT_MS = 10 * 60_000;

const suites: Suite[] = [
  { name: 'types', what: 'the types of tests, package and dashboard', run: () => command('scripts/check.sh', ['types'], exitStatus) },
  { name: 'host', what: "the crates' tests on this machine", run: () => command('cargo', ['test', '--workspace', '--no-fail-fast'], rustCounts) },
  { name: 'wasm', what: 'the tracker in Chromium', run: () => command('scripts/test-wasm.sh', [], rustCounts) },
  { name: 'package', what: 'the npm package', run: () => nodeTests('tests/package/**/*.test.ts', 2) },
  // One file at a time: some tests wait to see that nothing happens within a time.
  { name: 'tracker', what: 'what the tracker sees of pages', run: () => nodeTests('tests/tracker/**/*.test.ts', 1) },
  { name: 'worker', what: 'the built Worker', run: () => nodeTests('tests/worker/**/*.test.ts', 2) },
  { name: 'faults', what: 'the built Worker, killed again and again', run: () => nodeTests('tests/faults/**/*.test.ts', 1) },
  { name: 'dashboard', what: 'the dashboard: its rules, then in Chromium', run: () => nodeTests('tests/dashboard/**/*.test.ts', 1) },
  // One file at a time: a browser and a Worker already take both cores.
  { name: 'e2e', what: 'browser to answer', run: () => nodeTests('tests/e2e/**/*.test.ts', 1) },
];

/** Runs a program from the repository's root; `count` reads the counts out of what it printed. */
function command(program: string, args: string[], count: (output: string, ok: boolean) => Count): Promise<Count> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const onData = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
      output += chunk.toString();
      to.write(chunk);
    };
    child.stdout.on('data', onData(process.stdout));
    child.stderr.on('data', onData(process.stderr));
    child.on('error', (error) => {
      console.error(error.message);
      resolve({ passed: 0, failed: 1, skipped: 0 });
    });
    child.on('close', (code) => resolve(count(output, code === 0)));
  });
}

function exitStatus(_output: string, ok: boolean): Count {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** Adds up the `test result:` lines, one of each test binary. */
function rustCounts(output: string, ok: boolean): Count {
  const total: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(/test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/g)) {
    total.passed += Number(passed);
    total.failed += Number(failed);
    total.skipped += Number(ignored);
  }
  if (!ok && total.failed === 0) total.failed = 1;
  return total;
}

async function nodeTests(pattern: string, concurrency: number): Promise<Count> {
  const files = globSync(pattern, { cwd: root }).map((file) => path.join(root, file)).sort();
  const total: Count = { passed: 0, failed: 0, skipped: 0 };
  if (files.length === 0) return total;
  const events = run({ files, concurrency, timeout: FILE_TIMEOUT_MS });
  events.on('test:pass', (test) => {
    if (test.details.type === 'suite') return;
    // A file without tests is reported as a test that has the file's name and passed.
    if (files.includes(path.resolve(root, test.name))) {
      console.error(`${test.name}: no test in it`);
      total.failed += 1;
    } else if (test.skip !== undefined || test.todo !== undefined) total.skipped += 1;
    else total.passed += 1;
  });
  events.on('test:fail', (test) => {
    if (test.details.type === 'suite') return;
    if (test.todo !== undefined) total.skipped += 1;
    else total.failed += 1;
  });
  for await (const text of events.compose(new spec())) process.stdout.write(text);
  return total;
}

process.chdir(root);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(', ')}; there are: ${suites.map((suite) => suite.name).join(', ')}`);
  process.exit(2);
}

const total: Count = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const suite of suites.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n── ${suite.name}: ${suite.what}`);
  const start = Date.now();
  const count = await suite.run();
  let remark = '';
  if (count.passed + count.failed === 0) {
    count.failed = 1;
    remark = '  (it ran no test)';
    console.error(`${suite.name}: it ran no test`);
  }
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  lines.push(`${suite.name.padEnd(9)} ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped, ${seconds} s${remark}`);
}

console.log(`\n${lines.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed > 0 ? 1 : 0;
