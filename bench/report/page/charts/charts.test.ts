/** Computations of the charts. The scripts add them to the global object, as in a browser. */
import { describe, expect, test } from 'vitest';
import './axes.js';
import './end-labels.js';

type Line = { points: [share: number, ms: number][] };
const { chartAxes, endLabels } = globalThis as unknown as {
  chartAxes: { durationRange: (lines: Line[]) => { type: string; domain: number[] } };
  endLabels: { spread: (wanted: number[], range: number[]) => number[] };
};

/** @param durations in ms: the shortest, of 10 %, of 50 %, and the longest */
const line = (...durations: [number, number, number, number]): Line => ({
  points: durations.map((ms, place) => [[0, 0.1, 0.5, 1][place]!, ms]),
});

describe('the range of durations', () => {
  test('is linear for durations of one magnitude, although a few are much shorter', () => {
    expect(chartAxes.durationRange([line(0.2, 5, 29, 37), line(1, 38, 96, 160)])).toEqual({
      type: 'linear',
      domain: [0, 160],
    });
  });

  test('starts at the shortest duration if that is far from 0', () => {
    expect(chartAxes.durationRange([line(99, 100, 101, 194)])).toEqual({
      type: 'linear',
      domain: [99, 194],
    });
  });

  test('is logarithmic for durations of several magnitudes, from the first tenth on', () => {
    expect(
      chartAxes.durationRange([line(0.01, 0.03, 0.06, 5), line(0.01, 0.02, 0.05, 10)]),
    ).toEqual({ type: 'log', domain: [0.02, 10] });
  });

  test('has at most three powers of ten, so durations of 0 have a place', () => {
    expect(chartAxes.durationRange([line(0, 0, 0.3, 20)])).toEqual({
      type: 'log',
      domain: [0.02, 20],
    });
  });

  test.each([
    ['all durations are 0', [line(0, 0, 0, 0)], [0, 1]],
    ['all are equal', [line(7, 7, 7, 7)], [7, 8]],
    ['no server is shown', [], [0, 1]],
  ])('is never empty: %s', (_what, lines, domain) => {
    expect(chartAxes.durationRange(lines)).toEqual({ type: 'linear', domain });
  });
});

describe('names at the ends of lines', () => {
  test('stay where they are if none covers another', () => {
    expect(endLabels.spread([20, 50, 90], [0, 100])).toEqual([20, 50, 90]);
  });

  test('move apart in both directions', () => {
    expect(endLabels.spread([50, 50, 50], [0, 100])).toEqual([36, 50, 64]);
  });

  test('stay inside the chart', () => {
    expect(endLabels.spread([0, 0, 100, 100], [0, 100])).toEqual([0, 14, 86, 100]);
  });
});
