/* The ratios to the baseline: for each metric, a dot and its interval for each server. */
'use strict';
(() => {
  const { Plot, d3, chartParts, chartAxes } = globalThis;
  const { number, panel, serverRows, tip } = chartParts;

  /** Intervals that reach 0 would have no place on a logarithmic axis. */
  const least = 0.01;
  const lowOf = ({ low }) => Math.max(low, least);

  const textOf = (view, { server, ratio, low, high, verdict }) =>
    `${view.short(server)}: ${ratio.toFixed(2)}×\n95 % interval: ${low.toFixed(2)} to ${high.toFixed(2)}\n${verdict}`;

  const marksOf = (view, rows, domain, margin) => [
    ...chartAxes.logAxis('X', domain, (value) => `${number(value)}×`, null),
    Plot.rectX([0], {
      x1: 1 / (1 + margin),
      x2: 1 + margin,
      fill: 'currentColor',
      fillOpacity: 0.12,
    }),
    Plot.ruleX([1], { stroke: 'currentColor', strokeDasharray: '3 3' }),
    Plot.ruleY(rows, { x1: lowOf, x2: 'high', y: 'server', stroke: view.color, strokeWidth: 3 }),
    Plot.dot(rows, { x: 'ratio', y: 'server', r: 5, fill: view.color, stroke: 'var(--paper)' }),
    Plot.text(rows, {
      y: 'server',
      frameAnchor: 'right',
      dx: 84,
      textAnchor: 'end',
      text: 'verdict',
      fill: 'currentColor',
    }),
    tip(rows, Plot.pointerY, { x: 'ratio', y: 'server', title: (row) => textOf(view, row) }),
  ];

  globalThis.charts.ratios = (view, container, width) => {
    const { against, rows } = view.data.ratios;
    const shown = rows.filter(view.isShown);
    const domain = d3.extent([0.8, 1.25, ...shown.flatMap((row) => [lowOf(row), row.high])]);
    const panels = [...d3.group(rows, ({ metric }) => metric)].map(([metric, all]) => {
      const own = all.filter(view.isShown);
      return panel(`${metric}, ratio to ${against}`, width, {
        ...serverRows(view, own, width),
        marginRight: 90,
        marginTop: 4,
        height: 34 + 22 * Math.max(1, own.length),
        x: { type: 'log', domain, axis: null },
        marks: marksOf(view, own, domain, all[0].margin),
      });
    });
    container.replaceChildren(...panels);
  };
})();
