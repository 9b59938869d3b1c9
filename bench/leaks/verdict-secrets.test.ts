import { expect, test } from 'vitest';
import { disconnectModes } from '../scenario/disconnect-modes.ts';
import { plainRequest } from '../scenario/request-options.ts';
import { skippedMode, verdictOf } from '../result/leak-result.ts';
import { withoutSecretsOf } from './verdict-secrets.ts';

const secret = 'm0123456789abcdef';
const spec = {
  kind: 'command',
  command: ['node', 'server.js'],
  url: 'http://127.0.0.1:3000/event',
  socketPath: null,
  cwd: null,
  env: { DATABASE: secret },
  readyWhen: null,
  readyWithinMs: 1_000,
} as const;

test('a verdict that quotes the output of the server has none of its variables', () => {
  const text = `the server ended during the check\n  last output:\n  cannot reach ${secret}`;
  const verdict = verdictOf('mine', {
    inspection: 'inspector',
    why: text,
    endedEarly: text,
    modes: [{ ...skippedMode(disconnectModes[0]!, text), unexpected: [text] }],
  });
  const hidden = withoutSecretsOf(verdict, spec, { request: plainRequest });
  expect(hidden.reason).toContain('cannot reach hidden');
  expect(JSON.stringify(hidden)).not.toContain('m012345');
});
