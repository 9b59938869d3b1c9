import { execFileSync } from 'node:child_process';
import { getPriority } from 'node:os';
import { expect, it } from 'vitest';
import { steadyArguments } from './avoid-pauses.ts';

interface Found {
  descriptorTable: number;
  mainThread: number;
  otherThreads: number[];
  leftOpen: number;
}

/** Runs in its own process, because the table never shrinks and threads keep their priority. */
function afterSteady(): Found {
  const program = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { getPriority } from 'node:os';
    import { steady } from ${JSON.stringify(new URL('avoid-pauses.ts', import.meta.url))};
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    steady(20_000);
    const threads = readdirSync('/proc/self/task').map(Number);
    console.log(JSON.stringify({
      descriptorTable: Number(/^FDSize:\\s*(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]),
      mainThread: getPriority(process.pid),
      otherThreads: threads.filter((thread) => thread !== process.pid).map((thread) => getPriority(thread)),
      leftOpen: descriptors() - before,
    }));`;
  return JSON.parse(
    execFileSync(process.execPath, [...steadyArguments, '--input-type=module', '-e', program], {
      encoding: 'utf8',
    }),
  ) as Found;
}

it('the descriptor table has its full size, and other threads yield to the main thread', () => {
  const { descriptorTable, mainThread, otherThreads, leftOpen } = afterSteady();
  expect(descriptorTable).toBeGreaterThanOrEqual(
    Math.min(20_000, Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }))),
  );
  expect(leftOpen).toBe(0);
  expect(mainThread).toBe(getPriority());
  expect(otherThreads.length).toBeGreaterThan(1);
  expect(new Set(otherThreads)).toEqual(new Set([19]));
});
