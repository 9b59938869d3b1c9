/*
 * One distribution by percentile: a line for each server, with its name at the end. When the user
 * points at a line, the others fade.
 */
'use strict';
(() => {
  const { Plot, chartParts, chartAxes, endLabels } = globalThis;
  const { number, plot, tip } = chartParts;

  /**
   * Position on the axis: 0.999 is at 3. Each step to the right leaves out nine tenths of the
   * remaining share.
   */
  const depthOf = (share) => -Math.log10(1 - share);
  const percent = (depth) =>
    depth === 0
      ? '0 %'
      : `${(100 * (1 - 10 ** -depth)).toFixed(Math.max(0, Math.ceil(depth) - 2))} %`;
  const tickDepths = [0, 0.30103, 1, 2, 3, 4, 5, 6];

  /**
   * The longest sample (share 1) is at infinity on this axis. So it is drawn just beyond the last
   * other point.
   */
  const beyond = 0.15;

  function pointsOf({ server, points }) {
    const deepest = depthOf(points.at(-2)?.[0] ?? 0);
    return points.map(([share, ms]) => ({
      server,
      ms,
      depth: share === 1 ? deepest + beyond : depthOf(share),
      isLongest: share === 1,
    }));
  }

  const textOf = (view, { server, ms, depth, isLongest }) =>
    `${view.short(server)}\n${isLongest ? 'longest' : `${percent(depth)} at most`}: ${number(ms)} ms`;

  const lineOf = ({ name, color, dash, className }, points) =>
    Plot.line(
      points.filter(({ server }) => server === name),
      {
        x: 'depth',
        y: 'ms',
        stroke: color,
        strokeWidth: 2,
        strokeDasharray: dash,
        curve: 'step-before',
        clip: true,
        className,
      },
    );

  globalThis.charts.curves = (view, container, width, histogram) => {
    const { label, lines } = view.data.curves.find((curve) => curve.histogram === histogram);
    const shown = lines.filter(view.isShown);
    const points = shown.flatMap(pointsOf);
    const deepest = Math.max(1, ...points.map(({ depth }) => depth));
    const range = chartAxes.durationRange(shown);
    const isTick = (depth) => depth <= deepest - beyond && (width > 480 || depth !== 0);
    const frame = {
      height: Math.min(420, Math.max(280, width / 2)),
      marginTop: 24,
      marginLeft: 56,
      marginRight: endLabels.margin(view, width),
      marginBottom: 40,
    };
    const drawn = plot(`${label}, by percentile`, width, {
      ...frame,
      x: {
        label: 'percentile →',
        domain: [0, deepest],
        ticks: tickDepths.filter(isTick),
        tickFormat: percent,
        grid: true,
      },
      y: { ...range, axis: null },
      marks: [
        ...chartAxes.durationAxis('Y', range, number, `↑ ${label}, ms`),
        ...view.servers().map((server) => lineOf(server, points)),
        ...endLabels.marks(view, points, range, width, frame),
        tip(points, Plot.pointer, {
          x: 'depth',
          y: 'ms',
          title: (point) => textOf(view, point),
          maxRadius: 200,
        }),
      ],
    });
    drawn.addEventListener('input', () => view.highlight(drawn.value?.server));
    container.replaceChildren(drawn);
  };
})();
