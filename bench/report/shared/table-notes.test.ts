import { describe, expect, test } from 'vitest';
import { metrics } from '../../metrics/metrics.ts';
import { summarise } from '../../metrics/summary.ts';
import { roundsByServer } from '../../metrics/server-rounds.ts';
import type { MeasuredRound } from '../../result/run-result.ts';
import { measuredRound, runResult } from '../../tests/fixtures/helpers/result.ts';
import { knownOf, linuxNote, tableNotes } from './table-notes.ts';

/** The generator's metrics and those of slow readers, as on a system that reports none of them. */
const columns = metrics.filter(({ group, only }) => group === 'generator' || only !== undefined);
const outside = {
  process: null,
  machine: { stolenShare: null, listenOverflows: null },
  generators: measuredRound('a', 1).generators.map((each) => ({ ...each, waitedShare: null })),
};

function shown(platform: string, slowReaders: number, round: Partial<MeasuredRound> = outside) {
  const usual = runResult(['a'], [measuredRound('a', 1, round)]);
  const result = {
    ...usual,
    scenario: { ...usual.scenario, slowReaders },
    environment: { ...usual.environment, platform },
  };
  const summaries = summarise(roundsByServer(result));
  const known = knownOf(columns, summaries, result);
  return {
    names: known.map(({ name }) => name),
    note: linuxNote(known, result),
    notes: tableNotes(known, summaries, result),
  };
}

describe('on a system other than Linux', () => {
  const ofMachine = ['generator-waiting', 'listen-overflows', 'stolen'];

  test('figures that need Linux keep their columns, and a note explains the dashes', () => {
    const { names, note, notes } = shown('darwin arm64', 0);
    expect(names).toEqual(expect.arrayContaining(ofMachine));
    expect(names).not.toContain('evicted');
    expect(note).toEqual(['– for generator waiting, listen overflows and stolen: need Linux.']);
    expect(notes).toEqual(expect.arrayContaining(note));
    expect(notes).not.toContain('–: not available for this server.');
  });

  test('so do those of slow readers, if there are any', () =>
    expect(shown('win32 x64', 20).names).toEqual(
      expect.arrayContaining([...ofMachine, 'evicted', 'evicted-after']),
    ));

  test('figures of a process need a process', () => {
    expect(shown('darwin arm64', 20).names).not.toContain('slow-growth');
    const { process } = measuredRound('a', 1);
    const unmeasured = { ...outside, process: { ...process!, waitedShare: null } };
    expect(shown('darwin arm64', 20, unmeasured).names).toEqual(
      expect.arrayContaining(['server-waiting', 'slow-growth']),
    );
  });
});

test('on Linux, a figure that no server has takes no column', () => {
  const { names, note } = shown('linux x64', 20);
  expect(names).not.toEqual(expect.arrayContaining(['stolen']));
  expect(names).not.toEqual(expect.arrayContaining(['evicted']));
  expect(note).toEqual([]);
});
