/* Names at the right ends of lines, moved apart so that none covers another. */
'use strict';
(() => {
  const { Plot, d3, chartParts } = globalThis;

  const lineHeight = 14;
  /** In pixels: narrower charts have no space for names. */
  const leastWidth = 560;

  const margin = (view, width) =>
    width < leastWidth ? 20 : chartParts.widthOf(chartParts.longestIn(view));

  /**
   * Moves positions apart until each has its own line, upwards as much as downwards, and none is
   * outside.
   *
   * @param wanted in pixels, ascending
   * @param range the first and the last position, in pixels
   */
  function spread(wanted, [first, last]) {
    const downFrom = (all, start) =>
      all.reduce((done, own) => [...done, Math.max(own, (done.at(-1) ?? start) + lineHeight)], []);
    const upFrom = (all, start) =>
      all.reduceRight((done, own) => [Math.min(own, (done[0] ?? start) - lineHeight), ...done], []);
    const [down, up] = [downFrom(wanted, -Infinity), upFrom(wanted, Infinity)];
    const middle = wanted.map((_, place) => (down[place] + up[place]) / 2);
    return downFrom(upFrom(middle, last + lineHeight), first - lineHeight);
  }

  /**
   * @param points of all lines; the last of each server is its end
   * @param frame the height and margins of the chart
   */
  function marks(view, points, { type, domain }, width, frame) {
    if (width < leastWidth) return [];
    const scale = (type === 'log' ? d3.scaleLog() : d3.scaleLinear())
      .domain(domain)
      .range([frame.height - frame.marginBottom, frame.marginTop]);
    const right = width - frame.marginRight;
    const ends = view
      .servers()
      .flatMap((server) => {
        const end = points.findLast((point) => point.server === server.name);
        return end
          ? [{ ...server, depth: end.depth, end: scale(Math.max(end.ms, domain[0])) }]
          : [];
      })
      .toSorted((a, b) => a.end - b.end);
    const tops = spread(
      ends.map(({ end }) => end),
      [frame.marginTop, frame.height - frame.marginBottom],
    );
    const pixels = (value) => ({ value, scale: null });
    return ends.flatMap(({ short, depth, end, color, className }, place) => [
      Plot.link([depth], {
        x1: (own) => own,
        x2: pixels([right + 14]),
        y1: pixels([end]),
        y2: pixels([tops[place]]),
        stroke: color,
        className,
      }),
      Plot.text([short], {
        x: pixels([right + 18]),
        y: pixels([tops[place]]),
        text: [short],
        textAnchor: 'start',
        className,
      }),
    ]);
  }

  globalThis.endLabels = { margin, marks, spread };
})();
