import { expect, test } from 'vitest';
import { runResult } from '../../tests/fixtures/helpers/result.ts';
import { planReport, type RunPlan } from './run-plan.ts';

const plan = (tls: RunPlan['tls']) =>
  planReport({
    head: runResult([], []),
    notes: [],
    processes: [],
    probed: [],
    requests: [],
    tls,
    order: [],
    generators: 1,
    expectedMs: 1,
    leakCheck: false,
    folder: 'results/a',
    configFile: null,
    baseline: null,
    failOn: undefined,
    saveBaseline: undefined,
  });

test('a plan has the cost of TLS, if streams are encrypted', () => {
  expect(plan({ streams: 5_000, cpuMs: 5_000, bytes: 425e6 })).toContain(
    'TLS: opening 5,000 streams takes each side at least 5 s of CPU time, and their encryption needs about 425 MB of memory;',
  );
  expect(plan(null)).not.toContain('TLS');
});
