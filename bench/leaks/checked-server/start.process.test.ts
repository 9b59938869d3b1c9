import { expect, test } from 'vitest';
import { freePort } from '../../tests/fixtures/helpers/free-port.ts';
import { nothingLeftRunning, watchChildren } from '../../tests/fixtures/helpers/watch-children.ts';
import { openCheckedServer } from './open.ts';

nothingLeftRunning(watchChildren());

test.runIf(process.platform === 'linux')(
  'a command that ends before it listens is reported with its output once',
  async () => {
    const code = 'console.error("no config"); process.exit(3)';
    const spec = {
      kind: 'command',
      command: [process.execPath, '-e', code],
      url: `http://127.0.0.1:${await freePort()}/`,
      cwd: null,
      env: {},
      readyWhen: null,
      readyWithinMs: 10_000,
    } as const;
    const { signal } = new AbortController();
    await expect(
      openCheckedServer(spec, { signal, trace: false, inspection: undefined }),
    ).rejects.toThrow(/^\S+ … ended: exit code 3\n {2}no config$/);
  },
);
