import { expect, test } from 'vitest';
import { commandLine } from './run-name.ts';

test('the command that repeats a run has its seed and the given options, and no secrets', () => {
  const words = {
    servers: ['express', 'https://u:pw@h/b?token=x'],
    options: { streams: ['10'], against: ['https://u:pw@h/b?token=x'] },
    headers: ['Authorization: Bearer abc', 'Accept-Language: de'],
    expect: ['missing = 0'],
  };
  const url = "'https://h/b?token=hidden'";
  expect(commandLine(words, 7, { leakCheck: true, probe: true })).toBe(
    `npm run bench -- express ${url} --streams 10 --seed 7 --against ${url} --header 'Authorization: (not saved)' --header 'Accept-Language: de' --expect 'missing = 0' --leak-check`,
  );
  expect(
    commandLine({ ...words, options: {}, headers: [], expect: [] }, 7, {
      leakCheck: false,
      probe: false,
    }),
  ).toBe(`npm run bench -- express ${url} --seed 7 --no-probe`);
});
