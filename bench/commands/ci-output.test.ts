/** Files, annotations and job summaries for CI systems. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { leaksCiTexts } from '../report/ci/texts.ts';
import { leakingVerdict } from '../tests/fixtures/helpers/leaks.ts';
import { writeForCi, type CiFiles } from './ci-output.ts';
import type { Terminal } from './terminal.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const texts = leaksCiTexts({
  schemaVersion: 2,
  startedAt: '2026-01-02T03:04:05.000Z',
  servers: [leakingVerdict('koa')],
});
const annotation =
  /^::error file=src\/events\.ts,line=14,title=ssebench leaks::koa, leak at src\/events\.ts:14: graceful close: 1\.00/;

function written(files: Partial<CiFiles>, env: NodeJS.ProcessEnv, json = false) {
  const lines: string[] = [];
  const terminal: Terminal = {
    interactive: false,
    width: 80,
    style: (_format, text) => text,
    print: (text) => lines.push(text),
    note: () => {},
    essential: (text) => lines.push(text),
    progress: () => {},
  };
  const all = { junit: undefined, markdown: undefined, ...files };
  const areWritten = writeForCi(all, texts, { json, what: 'verdicts' }, terminal, env);
  return { areWritten, lines };
}

test('without an option and outside GitHub Actions, nothing is written', () =>
  expect(written({}, {})).toEqual({ areWritten: true, lines: [] }));

test('the files of --junit and --markdown', () => {
  const [junit, markdown] = [join(folder, 'a/leaks.xml'), join(folder, 'leaks.md')];
  expect(written({ junit, markdown }, {})).toEqual({ areWritten: true, lines: [] });
  expect(readFileSync(junit, 'utf8')).toContain('<testsuite name="koa" tests="2" failures="1"');
  expect(readFileSync(markdown, 'utf8')).toMatch(/^## ssebench leaks: failed in 1 of 2 claims\n/);
});

test('on GitHub Actions, annotations, and the summary after what the job already has', () => {
  const summary = join(folder, 'summary.md');
  writeFileSync(summary, 'before\n');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  expect(written({}, env).lines).toEqual([expect.stringMatching(annotation)]);
  expect(written({}, env, true).lines).toEqual([]); // stdout has JSON
  expect(readFileSync(summary, 'utf8')).toMatch(
    /^before\n## ssebench leaks: failed[^]*\n\n## ssebench leaks: failed/,
  );
});

test('a summary that cannot be written changes nothing else', () => {
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: folder };
  const { areWritten, lines } = written({}, env);
  expect(areWritten).toBe(true);
  expect(lines.at(-1)).toMatch(
    /^The summary of the job could not be written \(EISDIR, .*--markdown/,
  );
});
