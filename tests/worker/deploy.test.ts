// What a deployment would upload.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../support/collector.ts';

test('wrangler takes the bundle for a deployment, and it is at most a megabyte', { timeout: 300_000 }, () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'passerby-deploy-'));
  try {
    const env = { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false' };
    const printed = execFileSync(path.join(root, 'node_modules/.bin/wrangler'), ['deploy', '--dry-run', '--outdir', outdir], { cwd: root, env, encoding: 'utf8' });
    const size = /gzip: ([\d.]+) KiB/.exec(printed)?.[1];
    assert.ok(size !== undefined, printed);
    assert.ok(Number(size) <= 1024, `${size} KiB`);
  } finally {
    rmSync(outdir, { recursive: true });
    // A deployment leaves the demo shop out of what is served; the tests that come have it.
    execFileSync(path.join(root, 'scripts/build-public.sh'));
  }
});
