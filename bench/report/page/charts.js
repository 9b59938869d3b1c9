/* The charts of the page, drawn with `Plot` and `d3`, which earlier scripts define. */
'use strict';
(() => {
  const { Plot, d3 } = globalThis;

  const brief = (name) => (name.length > 24 ? `${name.slice(0, 23)}…` : name);

  /** Formats a number with three significant digits. */
  const number = (value) =>
    Number.isInteger(value) && value < 1e6
      ? value.toLocaleString('en-US')
      : Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
  const unit = (text) => (text === '' ? '' : ` ${text}`);

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

  /**
   * A logarithmic axis with its grid. We set the ticks ourselves, because Plot would omit some of
   * their labels.
   */
  const logAxis = (which, range, text, label) => [
    Plot[`grid${which}`](logTicks(range)),
    Plot[`axis${which}`](logTicks(range), { text, label }),
  ];

  /** Options common to all charts. */
  const frame = (width, more) => ({
    width,
    style: { fontSize: '12px', background: 'transparent', overflow: 'visible' },
    ...more,
  });
  const tip = { fill: 'var(--paper)', stroke: 'var(--line)', fontSize: 12 };

  /** A chart below its title. */
  function panel(title, width, options) {
    const heading = document.createElement('h3');
    heading.textContent = title;
    const whole = document.createElement('div');
    whole.append(heading, Plot.plot(frame(width, { ariaLabel: title, ...options })));
    return whole;
  }

  /** Arranges panels side by side, up to the number of columns. */
  function inColumns(container, width, columns, panels) {
    const own = Math.floor((width - 24 * (columns - 1)) / columns);
    container.replaceChildren(...panels(own));
    container.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
  }
  const withUnit = (label, measure) => (measure === '' ? label : `${label}, ${measure}`);

  /**
   * Position on the axis: 0.999 is at 3. Each step to the right leaves out nine tenths of the
   * remaining share.
   */
  const depthOf = (share) => -Math.log10(1 - share);
  const percent = (depth) =>
    depth === 0
      ? '0 %'
      : `${(100 * (1 - 10 ** -depth)).toFixed(Math.max(0, Math.ceil(depth) - 2))} %`;

  /**
   * @param data of the page, as in `data.ts`
   * @param isShown whether the user has not hidden the server of a row
   * @returns functions that each draw one chart into an element, at a given width
   */
  globalThis.chartsOf = (data, isShown) => {
    const places = new Map(data.servers.map(({ name }, place) => [name, place]));
    const colorOf = (server) => data.servers[places.get(server)].color;
    const longest = Math.max(...data.servers.map(({ name }) => name.length));
    const nameMargin = (width) => Math.min(24 + 6.5 * Math.min(longest, 24), width / 2.5);

    function figures(container, width) {
      inColumns(container, width, width > 900 ? 3 : width > 560 ? 2 : 1, (own) =>
        data.figures.map(({ label, unit: measure, rows }) => {
          const those = rows.filter(isShown);
          const says = ({ server, value, low, high, isInterval }) =>
            `${server}: ${number(value)}${unit(measure)}\n${isInterval ? '95 % interval' : 'range of the rounds'}: ${number(low)} to ${number(high)}`;
          return panel(withUnit(label, measure), own, {
            marginLeft: nameMargin(own),
            marginRight: 16,
            marginTop: 4,
            height: 34 + 24 * Math.max(1, those.length),
            x: {
              label: null,
              grid: true,
              zero: true,
              ticks: 4,
              tickFormat: (value) => number(value),
            },
            y: {
              label: null,
              domain: those.map(({ server }) => server),
              tickFormat: brief,
              tickSize: 0,
            },
            marks: [
              Plot.barX(those, {
                x: 'value',
                y: 'server',
                fill: ({ server }) => colorOf(server),
                fillOpacity: 0.75,
                insetTop: 3,
                insetBottom: 3,
              }),
              Plot.ruleY(those, {
                x1: 'low',
                x2: 'high',
                y: 'server',
                stroke: 'currentColor',
                strokeWidth: 2,
              }),
              Plot.ruleX([0], { stroke: 'currentColor' }),
              Plot.tip(those, Plot.pointerY({ x: 'value', y: 'server', title: says, ...tip })),
            ],
          });
        }),
      );
    }

    function ratios(container, width) {
      const { against, rows } = data.ratios;
      const metrics = [...new Set(rows.map(({ metric }) => metric))];
      const domain = d3.extent([
        0.8,
        1.25,
        ...rows.filter(isShown).flatMap(({ low, high }) => [Math.max(low, 0.01), high]),
      ]);
      const plots = metrics.map((metric) => {
        const those = rows.filter((row) => row.metric === metric && isShown(row));
        const margin = rows.find((row) => row.metric === metric).margin;
        const says = ({ server, ratio, low, high, verdict }) =>
          `${server}: ${ratio.toFixed(2)} times\n${low.toFixed(2)} to ${high.toFixed(2)}: ${verdict}`;
        return panel(`${metric}, times that of ${against}`, width, {
          marginLeft: nameMargin(width),
          marginRight: 90,
          marginTop: 4,
          height: 34 + 22 * Math.max(1, those.length),
          x: { type: 'log', domain, axis: null },
          y: {
            label: null,
            domain: those.map(({ server }) => server),
            tickFormat: brief,
            tickSize: 0,
          },
          marks: [
            ...logAxis('X', domain, (value) => `${number(value)}×`, null),
            Plot.rectX([0], {
              x1: 1 / (1 + margin),
              x2: 1 + margin,
              fill: 'currentColor',
              fillOpacity: 0.12,
            }),
            Plot.ruleX([1], { stroke: 'currentColor', strokeDasharray: '3 3' }),
            Plot.ruleY(those, {
              x1: ({ low }) => Math.max(low, 0.01),
              x2: 'high',
              y: 'server',
              stroke: ({ server }) => colorOf(server),
              strokeWidth: 3,
            }),
            Plot.dot(those, {
              x: 'ratio',
              y: 'server',
              r: 5,
              fill: ({ server }) => colorOf(server),
              stroke: 'var(--paper)',
            }),
            Plot.text(those, {
              y: 'server',
              frameAnchor: 'right',
              dx: 84,
              textAnchor: 'end',
              text: 'verdict',
              fill: 'currentColor',
            }),
            Plot.tip(those, Plot.pointerY({ x: 'ratio', y: 'server', title: says, ...tip })),
          ],
        });
      });
      container.replaceChildren(...plots);
    }

    function tries(container, width) {
      const { unit: measure, rows } = data.tries;
      const domain = d3.extent(rows, ({ load }) => load);
      const most = Math.max(...rows.map(({ before }) => before)) + 1;
      const says = ({ load, holds, why }) =>
        `${number(load)} ${measure}\n${holds ? 'all was as expected' : why}`;
      inColumns(container, width, width > 760 ? 2 : 1, (own) =>
        data.servers
          .filter(({ name }) => isShown({ server: name }))
          .map(({ name, color }) => {
            const those = rows.filter(({ server }) => server === name);
            return panel(name, own, {
              marginLeft: 16,
              marginRight: 24,
              marginTop: 4,
              marginBottom: 36,
              height: 56 + 18 * most,
              x: { type: 'log', domain: [domain[0] / 1.05, domain[1] * 1.05], axis: null },
              y: { domain: [-0.7, most - 0.3], axis: null },
              marks: [
                ...logAxis('X', domain, number, `${measure} →`),
                Plot.dot(those, {
                  x: 'load',
                  y: 'before',
                  r: 6,
                  stroke: color,
                  strokeWidth: 2,
                  fill: ({ holds }) => (holds ? color : 'var(--paper)'),
                }),
                Plot.tip(those, Plot.pointer({ x: 'load', y: 'before', title: says, ...tip })),
              ],
            });
          }),
      );
    }

    function time(container, width) {
      const { phases, series } = data.overTime;
      inColumns(container, width, width > 760 ? 2 : 1, (own) =>
        series.map(({ label, unit: measure, lines }) => {
          const those = lines.filter(isShown);
          const points = those.flatMap(({ server, round, points: seen }) =>
            seen.map(([ms, value]) => ({
              server,
              line: `${server} ${round}`,
              round,
              s: ms / 1000,
              value,
            })),
          );
          const says = ({ server, round, s, value }) =>
            `${server}, round ${round}\nafter ${number(s)} s: ${number(value)}${unit(measure)}`;
          return panel(`${withUnit(label, measure)}, over time`, own, {
            height: 190,
            marginLeft: 52,
            marginRight: 20,
            marginTop: 22,
            marginBottom: 30,
            x: {
              label: null,
              ticks: own > 400 ? 8 : 5,
              tickFormat: (seconds) => `${number(seconds)} s`,
            },
            y: { label: null, grid: true, zero: true, ticks: 4, tickFormat: number },
            marks: [
              Plot.rectX(
                phases.filter(({ phase }) => phase === 'measure'),
                {
                  x1: ({ fromMs }) => fromMs / 1000,
                  x2: ({ toMs }) => toMs / 1000,
                  fill: 'currentColor',
                  fillOpacity: 0.07,
                },
              ),
              Plot.ruleX(phases.slice(1), {
                x: ({ fromMs }) => fromMs / 1000,
                stroke: 'var(--line)',
              }),
              Plot.text(
                phases.filter(({ fromMs, toMs }) => (toMs - fromMs) / phases.at(-1).toMs > 0.1),
                {
                  x: ({ fromMs, toMs }) => (fromMs + toMs) / 2000,
                  frameAnchor: 'top',
                  dy: -14,
                  text: 'phase',
                  fill: 'var(--faint)',
                },
              ),
              ...data.servers.map(({ name, color, dash }) =>
                Plot.line(
                  points.filter(({ server }) => server === name),
                  {
                    x: 's',
                    y: 'value',
                    z: 'line',
                    stroke: color,
                    strokeWidth: 1.5,
                    strokeOpacity: 0.8,
                    strokeDasharray: dash,
                  },
                ),
              ),
              Plot.tip(
                points,
                Plot.pointer({ x: 's', y: 'value', title: says, maxRadius: 100, ...tip }),
              ),
            ],
          });
        }),
      );
    }

    function curves(container, width, name) {
      const { label, lines } = data.curves.find(({ histogram }) => histogram === name);
      // The maximum (share 1) is at infinity on this axis, so it is drawn just after the last other
      // point.
      const points = lines.filter(isShown).flatMap(({ server, points: own }) => {
        const deepest = depthOf(own.at(-2)?.[0] ?? 0);
        return own.map(([share, ms]) => ({
          server,
          ms: Math.max(ms, 0.001),
          depth: share === 1 ? deepest + 0.15 : depthOf(share),
          isMost: share === 1,
        }));
      });
      const says = ({ server, ms, depth, isMost }) =>
        `${server}\n${isMost ? 'the longest' : `${percent(depth)} at most`}: ${number(ms)} ms`;
      const deepest = Math.max(1, ...points.map(({ depth }) => depth));
      const range = d3.extent(points, ({ ms }) => ms);
      const ticks = [0, 0.30103, 1, 2, 3, 4, 5, 6].filter((depth) => depth <= deepest);
      const plot = Plot.plot(
        frame(width, {
          ariaLabel: `${label}, by percentile`,
          height: Math.min(420, Math.max(280, width / 2)),
          marginLeft: 56,
          marginRight: 20,
          marginBottom: 40,
          x: {
            label: 'percentile →',
            domain: [0, deepest],
            ticks: width > 480 ? ticks : ticks.filter((depth) => depth !== 0),
            tickFormat: percent,
            grid: true,
          },
          y: { type: 'log', axis: null },
          marks: [
            ...logAxis('Y', range, number, `↑ ${label}, ms`),
            ...data.servers.map(({ name: server, color, dash }) =>
              Plot.line(
                points.filter((point) => point.server === server),
                {
                  x: 'depth',
                  y: 'ms',
                  stroke: color,
                  strokeWidth: 2,
                  strokeDasharray: dash,
                  curve: 'step-before',
                },
              ),
            ),
            Plot.tip(
              points,
              Plot.pointer({ x: 'depth', y: 'ms', title: says, maxRadius: 200, ...tip }),
            ),
          ],
        }),
      );
      container.replaceChildren(plot);
    }
    return { figures, tries, ratios, time, curves };
  };
})();
