import { expect, test } from 'vitest';
import { checkOwnServer } from './check.ts';
import { ownServerOnCommandLine } from './read.ts';

function complained(platform: NodeJS.Platform, ...command: string[]): string[] {
  const complaints: string[] = [];
  const pid = command.length === 0 ? [{ option: 'pid', shown: '--pid 1' }] : [];
  checkOwnServer(
    { given: [{ option: 'url', shown: '--url http://127.0.0.1/' }, ...pid], command },
    ownServerOnCommandLine,
    (complaint) => void complaints.push(complaint),
    platform,
  );
  return complaints;
}

test('a process of the user needs Linux', () => {
  const why =
    'works only on Linux, because ssebench finds the processes of a server in /proc; leave it out, and start the server yourself';
  expect(complained('linux')).toEqual([]);
  expect(complained('linux', 'sh')).toEqual([]);
  expect(complained('darwin')).toEqual([`--pid: ${why}`]);
  expect(complained('darwin', 'sh')).toEqual([`--: ${why}`]);
});
