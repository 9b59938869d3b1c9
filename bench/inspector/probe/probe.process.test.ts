import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const probe = fileURLToPath(new URL('probe.cjs', import.meta.url));

/** The output of a program that runs with the probe. */
const run = (code: string) =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '--require',
        probe,
        '--input-type=module',
        '-e',
        `import { setInterval } from 'node:timers/promises';\n${code}`,
      ],
      { encoding: 'utf8' },
    ),
  ) as unknown;

test('a loop over an interval counts as one timer', () => {
  const rounds = `
    const say = () => console.log(JSON.stringify([count, globalThis[Symbol.for('ssebench.probe')].rememberedSleeps()]));
    let count = 0;
    for await (const value of setInterval(1, 'tick')) {
      if (value !== 'tick') throw new Error(value);
      if (++count === 50) break;
    }
    say();`;
  expect(run(rounds)).toEqual([50, 1]);
});
