import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { checkFile } from '../../tests/fixtures/helpers/leaks.ts';
import { figured } from '../../tests/fixtures/helpers/watch-children.ts';

const fileOf = (name: string) =>
  fileURLToPath(new URL(`../../../servers/${name}.ts`, import.meta.url));
const options = { streams: 5, deadlineMs: 3_000 };

test(
  'the work that goes on for 1 s after a disconnect has its amount and its duration',
  { ...figured, timeout: 60_000 },
  async () => {
    vi.stubEnv('WORKS_ON_MS', '1000');
    const {
      modes: [found],
    } = await checkFile(fileOf('faulty/works-on'), ['close'], options);
    vi.unstubAllEnvs();
    expect(found!.leaks).toEqual([]);
    expect(found!.work).toMatchObject({
      timers: 1,
      upstreams: [{ address: expect.stringMatching(/^127\.0\.0\.1:\d+$/), perDisconnect: 1 }],
    });
    const { lastsMs, cpuMs } = found!.work!;
    expect(lastsMs).toBeGreaterThan(950);
    expect(lastsMs).toBeLessThan(1_300);
    // 20 steps of 0.2 ms, and the rest of each step.
    expect(cpuMs).toBeGreaterThan(3.5);
    expect(cpuMs).toBeLessThan(8);
  },
);

test(
  'a server that aborts its work stops within 200 ms',
  { ...figured, timeout: 60_000 },
  async () => {
    const {
      modes: [found],
    } = await checkFile(fileOf('clean/stops-work'), ['close'], options);
    expect(found).toMatchObject({ leaks: [], work: { timers: 0, upstreams: [] } });
    expect(found!.work!.lastsMs).toBeLessThan(200);
  },
);
