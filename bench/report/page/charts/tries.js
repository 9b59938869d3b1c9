/* The search for the largest load: a panel for each server, with a dot for each round. */
'use strict';
(() => {
  const { Plot, d3, chartParts, chartAxes } = globalThis;
  const { number, panel, inColumns, tip } = chartParts;

  globalThis.charts.tries = (view, container, width) => {
    const { unit, rows } = view.data.tries;
    const [least, most] = d3.extent(rows, ({ load }) => load);
    const domain = [least / 1.05, most * 1.05];
    const levels = Math.max(...rows.map(({ before }) => before)) + 1;
    const textOf = ({ load, holds, why }) =>
      `${number(load)} ${unit}\n${holds ? 'every expectation met' : why}`;
    const triesOf = ({ name, short, color }, own) => {
      const tries = rows.filter(({ server }) => server === name);
      return panel(short, own, {
        marginLeft: 16,
        marginRight: 24,
        marginTop: 4,
        marginBottom: 36,
        height: 56 + 18 * levels,
        x: { type: 'log', domain, axis: null },
        y: { domain: [-0.7, levels - 0.3], axis: null },
        marks: [
          ...chartAxes.logAxis('X', [least, most], number, `${unit} →`),
          Plot.dot(tries, {
            x: 'load',
            y: 'before',
            r: 6,
            stroke: color,
            strokeWidth: 2,
            fill: ({ holds }) => (holds ? color : 'var(--paper)'),
          }),
          tip(tries, Plot.pointer, { x: 'load', y: 'before', title: textOf }),
        ],
      });
    };
    inColumns(container, width, width > 760 ? 2 : 1, (own) =>
      view.servers().map((server) => triesOf(server, own)),
    );
  };
})();
