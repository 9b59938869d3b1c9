import { expect, test } from 'vitest';
import type { Leak } from './leak-result.ts';
import { disconnectModes } from '../scenario/disconnect-modes.ts';
import { skippedMode, verdictOf, type CheckResult, type ModeResult } from './leak-result.ts';

const clean: ModeResult = {
  ...skippedMode(disconnectModes[0]!, ''),
  skipped: null,
  disconnects: 30,
};
const odd: ModeResult = { ...clean, oddities: ['no events'] };
const leaking: ModeResult = { ...clean, leaks: [{} as Leak] };
const skipped = skippedMode(disconnectModes[1]!, 'no network');
const checked = (modes: ModeResult[], brokeOff: string | null = null): CheckResult => ({
  look: 'inspector',
  why: '',
  modes,
  brokeOff,
});

test.each<[string, CheckResult, string, string | null]>([
  ['clean in what was tried', checked([clean, skipped]), 'clean', null],
  ['odd', checked([clean, odd]), 'odd', null],
  ['leaking, and odd', checked([odd, leaking]), 'leaking', null],
  [
    'nothing tried',
    checked([skipped]),
    'unknown',
    'every way to leave was skipped:\n  reset: no network',
  ],
  ['nothing tried, and not to its end', checked([skipped], 'it died'), 'unknown', 'it died'],
  ['clean, and not to its end', checked([clean], 'it died'), 'unknown', 'it died'],
  ['odd, and not to its end', checked([odd], 'it died'), 'odd', 'it died'],
  ['leaking, and not to its end', checked([leaking], 'it died'), 'leaking', 'it died'],
])('%s', (_what, result, state, reason) =>
  expect(verdictOf('it', result)).toMatchObject({
    server: 'it',
    state,
    reason,
    modes: result.modes,
  }),
);
