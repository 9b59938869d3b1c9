/* The main metrics: a bar for each server, with a line for the interval. */
'use strict';
(() => {
  const { Plot, chartParts } = globalThis;
  const { number, withUnit, titleOf, panel, inColumns, serverRows, tip } = chartParts;

  const textOf = (view, unit, { server, value, low, high, isInterval }) =>
    `${view.short(server)}: ${withUnit(number(value), unit)}\n${isInterval ? '95 % interval' : 'range of the rounds'}: ${number(low)} to ${number(high)}`;

  /** Drawn twice: an edge in the colour of the paper separates the line from its bar. */
  const interval = (rows, stroke, strokeWidth) =>
    Plot.ruleY(rows, { x1: 'low', x2: 'high', y: 'server', stroke, strokeWidth });

  function figure(view, { label, unit, rows }, width) {
    const shown = rows.filter(view.isShown);
    return panel(titleOf(label, unit), width, {
      ...serverRows(view, shown, width),
      marginRight: 16,
      marginTop: 4,
      height: 34 + 24 * Math.max(1, shown.length),
      x: { label: null, grid: true, zero: true, ticks: 4, tickFormat: number },
      marks: [
        Plot.barX(shown, {
          x: 'value',
          y: 'server',
          fill: view.color,
          fillOpacity: 0.85,
          insetTop: 3,
          insetBottom: 3,
        }),
        interval(shown, 'var(--paper)', 4),
        interval(shown, 'currentColor', 2),
        Plot.ruleX([0], { stroke: 'currentColor' }),
        tip(shown, Plot.pointerY, {
          x: 'value',
          y: 'server',
          title: (row) => textOf(view, unit, row),
        }),
      ],
    });
  }

  globalThis.charts.figures = (view, container, width) =>
    inColumns(container, width, width > 900 ? 3 : width > 560 ? 2 : 1, (own) =>
      view.data.figures.map((each) => figure(view, each, own)),
    );
})();
