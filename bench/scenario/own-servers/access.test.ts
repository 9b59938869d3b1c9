import { describe, expect, test } from 'vitest';
import { complaintsOf, valueOf } from '../complaint.ts';
import { withNamedScenario } from '../merge-words.ts';
import { readRunRequest } from '../request.ts';
import type { Access } from './access.ts';

const limits = { descriptors: 20_000, ports: 28_232, memoryBytes: 24e9 };
const url = 'http://127.0.0.1:3000/event';
const accesses: readonly Access[] = ['outside', 'pid', 'command'];

/** A run of one own server with these options. */
function read(access: Access, options: Record<string, string>) {
  const given = { url, ...(access === 'pid' && { pid: String(process.pid) }), ...options };
  const mentions = Object.entries(given).map(([name, text]) => [name, [text]] as const);
  const words = withNamedScenario({
    servers: [],
    command: access === 'command' ? ['sh', '-c', 'exit'] : [],
    options: Object.fromEntries(mentions),
    headers: [],
    expect: ['failed = 0'],
  });
  return readRunRequest(words, limits);
}

const interval = '100ms';
/** Options → the access that supports them. */
const table: readonly (readonly [Record<string, string>, readonly Access[]])[] = [
  [{ quietStreams: '5' }, []],
  [{ bytes: '10' }, []],
  [{ ticker: 'own' }, []],
  [{ eventsEach: '5' }, []],
  [{ interval: '0ms' }, []],
  [{ search: 'rate', interval }, []],
  [{ cut: 'end' }, []],
  [{ cut: 'restart' }, ['command']],
  [{ cut: 'crash', interval }, ['command']],
  [{ grace: '5s' }, ['command']],
  [{ cut: 'client' }, accesses],
  [{ reconnect: '', retry: '2s' }, accesses],
  [{ slowReaders: '5' }, accesses],
  [{ remainingStreams: '5' }, accesses],
  [{ search: 'streams', interval }, accesses],
  [{ arrivals: '10' }, accesses],
  [{ quietStreams: '0', slowReaders: '0', remainingStreams: '0', bytes: '0' }, accesses],
];

describe.each(table)('%j', (options, supported) => {
  test.each(accesses)('with access %s', (access) => {
    const complaints = complaintsOf(read(access, options));
    expect(complaints.length === 0).toBe(supported.includes(access));
    // Each complaint names the option, and the access that makes it possible.
    const withCommand = supported.includes('command') ? '--( and|,| instead)' : '';
    const withPid = supported.includes('pid') ? 'add --pid, .*' : '';
    for (const complaint of complaints)
      expect(complaint).toMatch(new RegExp(`^--[a-z-]+ \\w+: .*${withPid}${withCommand}`));
  });
});

test('a server of the user gets no quiet streams by default', () => {
  expect(valueOf(read('command', {})).scenario.quietStreams).toBe(0);
});
