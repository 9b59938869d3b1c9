/*
 * Metrics over time: a panel for each metric, and in it a small chart for each server. The small
 * charts share both scales, so that servers are comparable.
 */
'use strict';
(() => {
  const { Plot, chartParts } = globalThis;
  const { number, withUnit, titleOf, panel, inColumns, tip } = chartParts;

  /** The height of one server's chart and its name, in pixels. */
  const heightFor = (servers) => (servers === 1 ? 160 : servers <= 3 ? 100 : 66);
  const nameHeight = 20;

  /** The phases behind the lines. Their names are above the first server only. */
  function phaseMarks(phases, first) {
    const endMs = phases.at(-1).toMs;
    const measured = phases.filter(({ phase }) => phase === 'measure');
    const wide = phases.filter(({ fromMs, toMs }) => toMs - fromMs > 0.15 * endMs);
    return [
      Plot.rectX(measured, {
        x1: ({ fromMs }) => fromMs / 1000,
        x2: ({ toMs }) => toMs / 1000,
        fill: 'currentColor',
        fillOpacity: 0.07,
      }),
      Plot.ruleX(phases.slice(1), { x: ({ fromMs }) => fromMs / 1000, stroke: 'var(--line)' }),
      Plot.text(wide, {
        fy: () => first,
        x: ({ fromMs, toMs }) => (fromMs + toMs) / 2000,
        frameAnchor: 'top',
        dy: -nameHeight - 14,
        text: 'phase',
        fill: 'var(--faint)',
      }),
    ];
  }

  const lineOf = ({ name, color }, points) =>
    Plot.line(
      points.filter(({ server }) => server === name),
      { fy: 'server', x: 's', y: 'value', z: 'round', stroke: color, strokeWidth: 1.5 },
    );

  function series(view, { label, unit, lines }, width) {
    const { phases } = view.data.overTime;
    const servers = view.servers().filter(({ name }) => lines.some((line) => line.server === name));
    const points = lines
      .filter(view.isShown)
      .flatMap(({ server, round, points: own }) =>
        own.map(([ms, value]) => ({ server, round, s: ms / 1000, value })),
      );
    const textOf = ({ server, round, s, value }) =>
      `${view.short(server)}, round ${round}\nafter ${number(s)} s: ${withUnit(number(value), unit)}`;
    const height = heightFor(servers.length);
    return panel(titleOf(label, unit), width, {
      height: 60 + height * Math.max(1, servers.length),
      marginLeft: 48,
      marginRight: 16,
      marginTop: 32,
      marginBottom: 28,
      x: {
        label: null,
        ticks: width > 400 ? 8 : 5,
        tickFormat: (seconds) => `${number(seconds)} s`,
      },
      y: { label: null, grid: true, zero: true, ticks: height > 66 ? 4 : 3, tickFormat: number },
      fy: { domain: servers.map(({ name }) => name), axis: null, padding: nameHeight / height },
      marks: [
        ...phaseMarks(phases, servers[0]?.name),
        ...servers.map((server) => lineOf(server, points)),
        Plot.text(servers, {
          fy: 'name',
          frameAnchor: 'top-left',
          dx: -4,
          dy: 5 - nameHeight,
          text: 'short',
          fontWeight: 600,
        }),
        tip(points, Plot.pointer, {
          fy: 'server',
          x: 's',
          y: 'value',
          title: textOf,
          maxRadius: 100,
        }),
      ],
    });
  }

  globalThis.charts.time = (view, container, width) =>
    inColumns(container, width, width > 900 ? 3 : width > 560 ? 2 : 1, (own) =>
      view.data.overTime.series.map((each) => series(view, each, own)),
    );
})();
