/** Streams that start late by a known amount, and the figures if the generator was late. */
import { describe, expect, test } from 'vitest';
import { figuresOf, measured } from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';
import { useWrongServer } from '../fixtures/helpers/wrong-server.ts';
import { readingsOf } from '../../metrics/metric.ts';
import { markdownOf } from '../fixtures/helpers/reports.ts';
import { runResult } from '../fixtures/helpers/result.ts';
import { placement } from '../../system/cores.ts';

const ourChildren = watchChildren();
const wrong = useWrongServer(placement()?.server);
nothingLeftRunning(ourChildren, () => [wrong.pid()]);

describe('first byte, headers and first event', () => {
  const slow = { rampMs: 100, warmUpMs: 1_200, durationMs: 500 };

  test.each([
    [
      'headers after 300 ms and the first event 700 ms later',
      { 'headers-after': 300, 'first-after': 650 },
      [300, 1_000, 1_000],
    ],
    [
      'a comment 200 ms after the headers',
      { 'headers-after': 300, 'comment-after': 200, 'first-after': 450 },
      [300, 500, 1_000],
    ],
    ['no additional delay', {}, [0, 50, 50]],
  ])('the figures show %s', figured, async (_what, faults, known) => {
    const { result } = await wrong.measure(faults, { scenario: slow });
    const { timeToHeaders, timeToFirstByte, timeToFirstEvent } = readingsOf(
      measured(result),
    ).durations;
    for (const [index, durations] of [timeToHeaders, timeToFirstByte, timeToFirstEvent].entries()) {
      expect(durations.count).toBe(40);
      expect(durations.quantileMs(0.5)).toBeGreaterThan(known[index]! - 1);
      expect(durations.quantileMs(0.5)).toBeLessThan(
        known[index]! + Math.max(6, 0.02 * known[index]!),
      ); // four timers with a resolution of 1 ms
    }
  });

  test('streams without headers fail, and give no figure', figured, async () => {
    const { result } = await wrong.measure({ 'no-headers': 1 });
    expect(result).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(
        /^no stream opened: 40 × no answer \(no response by the end of the run; .* may buffer the response\)$/,
      ),
      counts: { started: 40, opened: 0, eventsInAll: 0 },
    });
  });
});

describe('coordinated omission', () => {
  const arrivals = { streams: 100, rampMs: 1_000, warmUpMs: 500, durationMs: 500, intervalMs: 100 };

  test('a blocked server delays both figures, but not the arrivals', figured, async () => {
    const { result } = await wrong.measure({ block: 500, at: 200 }, { scenario: arrivals });
    const { arrivalLag, timeToHeaders, timeToHeadersUncorrected } = readingsOf(
      measured(result),
    ).durations;
    expect(arrivalLag.quantileMs(0.99)).toBeLessThan(30);
    for (const durations of [timeToHeaders, timeToHeadersUncorrected]) {
      expect(durations.quantileMs(1)).toBeGreaterThan(440);
      expect(durations.quantileMs(1)).toBeLessThan(530);
      // Half of the streams met the stall, evenly spread.
      expect(durations.quantileMs(0.75)).toBeGreaterThan(100);
    }
  });

  test(
    'a stopped generator delays only the corrected figure, and invalidates the result',
    figured,
    async () => {
      const { result } = await wrong.measure(
        {},
        {
          scenario: arrivals,
          onPhase(phase) {
            const generator = ourChildren().find(({ command }) =>
              command.includes('generator'),
            )?.pid;
            if (phase !== 'ramp') return;
            setTimeout(() => process.kill(generator!, 'SIGSTOP'), 300);
            setTimeout(() => process.kill(generator!, 'SIGCONT'), 800);
          },
        },
      );
      const { timeToHeaders, timeToHeadersUncorrected } = readingsOf(measured(result)).durations;
      expect(timeToHeaders.quantileMs(1)).toBeGreaterThan(440);
      expect(timeToHeaders.quantileMs(1)).toBeLessThan(600);
      expect(timeToHeaders.quantileMs(0.75)).toBeGreaterThan(100);
      expect(timeToHeadersUncorrected.quantileMs(0.75)).toBeLessThan(
        timeToHeaders.quantileMs(0.75)! / 2,
      );
      expect(measured(result).doubts.map(({ check }) => check)).toContain('arrival lag');

      const report = markdownOf(runResult(['it'], [measured(result)]));
      expect(report).toContain('**headers**, ms.');
      expect(report).toContain('**headers, uncorrected**, ms.');
      expect(report).toContain('streams started late');
      expect(figuresOf(result).failed).toBe(0);
    },
  );
});
