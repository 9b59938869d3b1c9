import { expect, test } from 'vitest';
import type { Leak } from './leak-result.ts';
import { disconnectModes } from '../scenario/disconnect-modes.ts';
import { skippedMode, verdictOf, type CheckResult, type ModeResult } from './leak-result.ts';

const clean: ModeResult = {
  ...skippedMode(disconnectModes[0]!, ''),
  skipped: null,
  disconnects: 30,
};
const unexpected: ModeResult = { ...clean, unexpected: ['no events'] };
const leaking: ModeResult = { ...clean, leaks: [{} as Leak] };
const skipped = skippedMode(disconnectModes[1]!, 'no network');
const checked = (modes: ModeResult[], endedEarly: string | null = null): CheckResult => ({
  inspection: 'inspector',
  why: '',
  modes,
  endedEarly,
});
const mustTestAll = (modes: ModeResult[]): CheckResult => ({
  ...checked(modes),
  mustTestAll: true,
});

test.each<[string, CheckResult, string, string | null]>([
  ['clean in the tried mode', checked([clean, skipped]), 'clean', null],
  ['clean, named mode skipped', mustTestAll([clean, skipped]), 'not tested', null],
  ['named modes, none skipped', mustTestAll([clean]), 'clean', null],
  ['leaking, named mode skipped', mustTestAll([leaking, skipped]), 'leaking', null],
  ['unexpected', checked([clean, unexpected]), 'unexpected', null],
  ['leaking, and unexpected', checked([unexpected, leaking]), 'leaking', null],
  [
    'no mode tried',
    checked([skipped]),
    'not inspected',
    'every disconnect mode was skipped:\n  reset: no network',
  ],
  ['no mode tried, ended early', checked([skipped], 'it died'), 'not inspected', 'it died'],
  ['clean, ended early', checked([clean], 'it died'), 'not inspected', 'it died'],
  ['unexpected, and not to its end', checked([unexpected], 'it died'), 'unexpected', 'it died'],
  ['leaking, ended early', checked([leaking], 'it died'), 'leaking', 'it died'],
  [
    'died, although clean before',
    { ...checked([clean], 'exit code 1'), death: { modes: ['reset'], about: 'reset' } },
    'died',
    'exit code 1',
  ],
])('%s', (_what, result, state, reason) =>
  expect(verdictOf('it', result)).toMatchObject({
    server: 'it',
    state,
    reason,
    modes: result.modes,
  }),
);
