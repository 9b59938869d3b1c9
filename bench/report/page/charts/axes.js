/* Axes whose range and ticks we choose ourselves. Needs `Plot` and `d3`. */
'use strict';
(() => {
  const { Plot, d3 } = globalThis;

  /**
   * Ticks of a logarithmic axis: 1, 2 and 5 of each power of ten, or closer if those are fewer than
   * four. A very short axis gets linear ticks.
   */
  function logTicks([low, high]) {
    const powers = d3.range(-4, 8).map((power) => 10 ** power);
    const among = (digits) =>
      powers
        .flatMap((power) => digits.map((digit) => Number((digit * power).toPrecision(3))))
        .filter((tick) => tick >= low && tick <= high);
    return (
      [
        [1, 2, 5],
        [1, 1.25, 1.5, 2, 3, 5, 8],
        [1, 1.1, 1.25, 1.5, 2, 3, 4, 5, 6, 7, 8, 9],
      ]
        .map(among)
        .find((ticks) => ticks.length >= 4) ?? d3.ticks(low, high, 4)
    );
  }

  /** An axis with its grid. Plot itself would omit some labels of a logarithmic axis. */
  const axis = (which, ticks, text, label) => [
    Plot[`grid${which}`](ticks),
    Plot[`axis${which}`](ticks, { text, label }),
  ];
  const logAxis = (which, range, text, label) => axis(which, logTicks(range), text, label);

  /**
   * The range of an axis of durations, without the part in which hardly any sample lies.
   *
   * A linear axis starts at the shortest duration. A logarithmic axis is for durations of different
   * magnitudes. It starts where a tenth of the samples of any server is shorter, and has at most
   * three powers of ten.
   *
   * @param lines of `points`: a share of the samples, and the duration that it does not exceed
   */
  function durationRange(lines) {
    const at = (share) =>
      Math.min(...lines.map(({ points }) => points.find(([own]) => own >= share)[1]));
    const high = Math.max(...lines.map(({ points }) => points.at(-1)[1]));
    if (lines.length === 0 || high <= 0) return { type: 'linear', domain: [0, 1] };
    if (at(0.5) >= high / 10) {
      const low = at(0);
      return { type: 'linear', domain: [low < high / 4 ? 0 : low, low < high ? high : high + 1] };
    }
    return { type: 'log', domain: [Math.max(at(0.1), high / 1_000), high] };
  }

  /** An axis for the range of `durationRange`. */
  const durationAxis = (which, { type, domain }, text, label) =>
    axis(which, type === 'log' ? logTicks(domain) : d3.ticks(...domain, 6), text, label);

  globalThis.chartAxes = { logAxis, durationRange, durationAxis };
})();
