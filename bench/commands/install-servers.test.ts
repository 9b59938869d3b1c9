import { describe, expect, test } from 'vitest';
import { ssebenchVersion } from '../run/environment.ts';
import { haveServers, type Installation } from './install-servers.ts';
import type { Terminal } from './terminal.ts';

const { signal } = new AbortController();
const reason = 'need the package ssebench-servers, which is not installed';
const command = `npm install --save-dev ssebench-servers@${ssebenchVersion}`;

/** A machine without the package, where the user gives one answer. */
function machine(answer: boolean | undefined, failure?: string) {
  const seen = { questions: [] as string[], installed: [] as string[], notes: [] as string[] };
  let missing: string | undefined = reason;
  const installation: Installation = {
    missing: () => missing,
    async install(given) {
      seen.installed.push(given.join(' '));
      if (failure === undefined) missing = undefined;
      return failure;
    },
  };
  const terminal: Terminal = {
    style: (_format, text) => text,
    print: () => {},
    note: () => {},
    interactive: true,
    width: Infinity,
    progress: () => {},
    essential: (text: string) => void seen.notes.push(text),
    ...(answer !== undefined && {
      async ask(question: string) {
        seen.questions.push(question);
        return answer;
      },
    }),
  };
  const have = (...names: string[]) => haveServers(names, terminal, signal, installation);
  return { have, seen };
}

describe('reference servers without their package', () => {
  test('the question shows the command, and a yes runs it', async () => {
    const { have, seen } = machine(true);
    expect(await have('express', 'koa')).toBe(true);
    expect(seen).toEqual({
      questions: [
        `express, koa: reference servers ${reason}. This installs the package, with its frameworks, in your project:\n  ${command}\nRun this command now? [y/N] `,
      ],
      installed: [command],
      notes: [],
    });
  });

  test('nothing is installed after a no', async () => {
    const { have, seen } = machine(false);
    expect(await have('express')).toBe(false);
    expect(seen).toMatchObject({
      installed: [],
      notes: ['Nothing was installed or started.'],
    });
  });

  test('nothing is installed if nobody can answer', async () => {
    const { have, seen } = machine(undefined);
    await expect(have('express')).rejects.toMatchObject({
      complaints: [`express: reference servers ${reason}; run ${command}`],
    });
    expect(seen.installed).toEqual([]);
  });

  test('a failed installation is reported', async () => {
    const { have, seen } = machine(true, 'exit code 1');
    expect(await have('express')).toBe(false);
    expect(seen.notes).toEqual([`${command} did not install the reference servers: exit code 1.`]);
  });

  test('own servers need nothing', async () => {
    const { have, seen } = machine(false);
    expect(await have()).toBe(true);
    expect(seen.questions).toEqual([]);
  });
});
