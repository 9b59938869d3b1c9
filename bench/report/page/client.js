/* What the page does in the browser: draws, switches servers on and off, sorts. `Plot` and `d3` stand before it. */
'use strict';
(() => {
  const { Plot, d3 } = globalThis;
  const data = JSON.parse(document.getElementById('data').textContent);
  const places = new Map(data.servers.map(({ name }, place) => [name, place]));
  const shown = new Set(places.keys());

  const colorOf = (server) => data.servers[places.get(server)].color;
  const isShown = ({ server }) => shown.has(server);
  const longest = Math.max(...data.servers.map(({ name }) => name.length));
  const brief = (name) => (name.length > 24 ? `${name.slice(0, 23)}…` : name);

  /** Three digits that mean something. */
  const number = (value) => (Number.isInteger(value) && value < 1e6 ? value.toLocaleString('en-US') : Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 }));
  const unit = (text) => (text === '' ? '' : ` ${text}`);

  /** Ticks of a logarithmic axis: 1, 2 and 5 of each power of ten, or closer where that leaves too few. */
  function logTicks([low, high]) {
    const powers = d3.range(-4, 8).map((power) => 10 ** power);
    const among = (digits) => powers.flatMap((power) => digits.map((digit) => Number((digit * power).toPrecision(3)))).filter((tick) => tick >= low && tick <= high);
    return [[1, 2, 5], [1, 1.25, 1.5, 2, 3, 5, 8], [1, 1.1, 1.25, 1.5, 2, 3, 4, 5, 6, 7, 8, 9]].map(among).find((ticks) => ticks.length >= 4) ?? among([1, 1.05, 1.1, 1.2, 8, 9, 9.5]);
  }

  /** A logarithmic axis with its grid: Plot's own leaves out labels that we have chosen. */
  const logAxis = (which, range, text, label) => [
    Plot[`grid${which}`](logTicks(range)),
    Plot[`axis${which}`](logTicks(range), { text, label }),
  ];

  /** What all charts share; the room to the left is for names. */
  const frame = (width, more) => ({ width, style: { fontSize: '12px', background: 'transparent', overflow: 'visible' }, ...more });
  const nameMargin = (width) => Math.min(24 + 6.5 * Math.min(longest, 24), width / 2.5);
  const tip = { fill: 'var(--paper)', stroke: 'var(--line)', fontSize: 12 };

  function drawFigures(container, width) {
    const columns = width > 900 ? 3 : width > 560 ? 2 : 1;
    const own = Math.floor((width - 24 * (columns - 1)) / columns);
    const plots = data.figures.map(({ label, unit: measure, rows }) => {
      const title = document.createElement('h3');
      title.textContent = measure === '' ? label : `${label}, ${measure}`;
      const those = rows.filter(isShown);
      const says = ({ server, value, low, high, isInterval }) => `${server}: ${number(value)}${unit(measure)}\n${isInterval ? '95 % interval' : 'range of the rounds'}: ${number(low)} to ${number(high)}`;
      const plot = Plot.plot(frame(own, {
        ariaLabel: title.textContent,
        marginLeft: nameMargin(own), marginRight: 16, marginTop: 4, height: 34 + 24 * Math.max(1, those.length),
        x: { label: null, grid: true, zero: true, ticks: 4, tickFormat: (value) => number(value) },
        y: { label: null, domain: those.map(({ server }) => server), tickFormat: brief, tickSize: 0 },
        marks: [
          Plot.barX(those, { x: 'value', y: 'server', fill: ({ server }) => colorOf(server), fillOpacity: 0.75, insetTop: 3, insetBottom: 3 }),
          Plot.ruleY(those, { x1: 'low', x2: 'high', y: 'server', stroke: 'currentColor', strokeWidth: 2 }),
          Plot.ruleX([0], { stroke: 'currentColor' }),
          Plot.tip(those, Plot.pointerY({ x: 'value', y: 'server', title: says, ...tip })),
        ],
      }));
      const panel = document.createElement('div');
      panel.append(title, plot);
      return panel;
    });
    container.replaceChildren(...plots);
    container.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
  }

  function drawRatios(container, width) {
    const { against, rows } = data.ratios;
    const metrics = [...new Set(rows.map(({ metric }) => metric))];
    const domain = d3.extent([0.8, 1.25, ...rows.filter(isShown).flatMap(({ low, high }) => [Math.max(low, 0.01), high])]);
    const plots = metrics.map((metric) => {
      const those = rows.filter((row) => row.metric === metric && shown.has(row.server));
      const margin = rows.find((row) => row.metric === metric).margin;
      const title = document.createElement('h3');
      title.textContent = `${metric}, times that of ${against}`;
      const says = ({ server, ratio, low, high, verdict }) => `${server}: ${ratio.toFixed(2)} times\n${low.toFixed(2)} to ${high.toFixed(2)}: ${verdict}`;
      const plot = Plot.plot(frame(width, {
        ariaLabel: title.textContent,
        marginLeft: nameMargin(width), marginRight: 90, marginTop: 4, height: 34 + 22 * Math.max(1, those.length),
        x: { type: 'log', domain, axis: null },
        y: { label: null, domain: those.map(({ server }) => server), tickFormat: brief, tickSize: 0 },
        marks: [
          ...logAxis('X', domain, (value) => `${number(value)}×`, null),
          Plot.rectX([0], { x1: 1 / (1 + margin), x2: 1 + margin, fill: 'currentColor', fillOpacity: 0.12 }),
          Plot.ruleX([1], { stroke: 'currentColor', strokeDasharray: '3 3' }),
          Plot.ruleY(those, { x1: ({ low }) => Math.max(low, 0.01), x2: 'high', y: 'server', stroke: ({ server }) => colorOf(server), strokeWidth: 3 }),
          Plot.dot(those, { x: 'ratio', y: 'server', r: 5, fill: ({ server }) => colorOf(server), stroke: 'var(--paper)' }),
          Plot.text(those, { y: 'server', frameAnchor: 'right', dx: 84, textAnchor: 'end', text: 'verdict', fill: 'currentColor' }),
          Plot.tip(those, Plot.pointerY({ x: 'ratio', y: 'server', title: says, ...tip })),
        ],
      }));
      const panel = document.createElement('div');
      panel.append(title, plot);
      return panel;
    });
    container.replaceChildren(...plots);
  }

  /** 0.999 stands at 3: each step to the right leaves out nine tenths of the rest. */
  const depthOf = (share) => -Math.log10(1 - share);
  const percent = (depth) => (depth === 0 ? '0 %' : `${(100 * (1 - 10 ** -depth)).toFixed(Math.max(0, Math.ceil(depth) - 2))} %`);

  function drawCurves(container, width, name) {
    const { label, lines } = data.curves.find(({ histogram }) => histogram === name);
    // The maximum has no place of its own on such an axis: it ends the line.
    const points = lines.filter(isShown).flatMap(({ server, points: own }) => {
      const deepest = depthOf(own.at(-2)?.[0] ?? 0);
      return own.map(([share, ms]) => ({ server, ms: Math.max(ms, 0.001), depth: share === 1 ? deepest + 0.15 : depthOf(share), isMost: share === 1 }));
    });
    const says = ({ server, ms, depth, isMost }) => `${server}\n${isMost ? 'the longest' : `${percent(depth)} at most`}: ${number(ms)} ms`;
    const deepest = Math.max(1, ...points.map(({ depth }) => depth));
    const range = d3.extent(points, ({ ms }) => ms);
    const ticks = [0, 0.30103, 1, 2, 3, 4, 5, 6].filter((depth) => depth <= deepest);
    const plot = Plot.plot(frame(width, {
      ariaLabel: `${label}, by percentile`,
      height: Math.min(420, Math.max(280, width / 2)), marginLeft: 56, marginRight: 20, marginBottom: 40,
      x: { label: 'percentile →', domain: [0, deepest], ticks: width > 480 ? ticks : ticks.filter((depth) => depth !== 0), tickFormat: percent, grid: true },
      y: { type: 'log', axis: null },
      marks: [
        ...logAxis('Y', range, number, `↑ ${label}, ms`),
        ...data.servers.map(({ name: server, color, dash }) =>
          Plot.line(points.filter((point) => point.server === server), { x: 'depth', y: 'ms', stroke: color, strokeWidth: 2, strokeDasharray: dash, curve: 'step-before' }),
        ),
        Plot.tip(points, Plot.pointer({ x: 'depth', y: 'ms', title: says, maxRadius: 200, ...tip })),
      ],
    }));
    container.replaceChildren(plot);
  }

  /** A figure with a choice among distributions. */
  function choiceIn(figure) {
    const choice = document.createElement('select');
    choice.setAttribute('aria-label', 'What to show');
    const about = document.createElement('p');
    about.className = 'fine';
    for (const { histogram, label } of data.curves) choice.append(new Option(label, histogram));
    const usual = data.curves.find(({ histogram }) => histogram === 'delivery') ?? data.curves[0];
    choice.value = usual.histogram;
    const explain = () => (about.textContent = data.curves.find(({ histogram }) => histogram === choice.value).definition);
    choice.addEventListener('change', () => {
      explain();
      drawAll();
    });
    explain();
    figure.querySelector('figcaption').append(choice, about);
    return choice;
  }

  const figures = [...document.querySelectorAll('figure[data-chart]')].map((figure) => {
    const container = figure.querySelector('.chart');
    const { chart } = figure.dataset;
    const choice = chart === 'curves' ? choiceIn(figure) : undefined;
    const draw = { figures: drawFigures, ratios: drawRatios, curves: (where, width) => drawCurves(where, width, choice.value) }[chart];
    return () => draw(container, Math.max(240, Math.floor(figure.clientWidth)));
  });
  function drawAll() {
    for (const draw of figures) draw();
  }

  for (const box of document.querySelectorAll('#servers input')) {
    const { name, color, dash } = data.servers[Number(box.value)];
    const swatch = box.nextElementSibling;
    swatch.style.borderTop = `3px ${dash === '' ? 'solid' : 'dashed'} ${color}`;
    box.addEventListener('change', () => {
      if (box.checked) shown.add(name);
      else shown.delete(name);
      drawAll();
    });
  }

  /** Rows without a figure come last, whichever way it goes. */
  function sortBy(heading) {
    const body = heading.closest('table').tBodies[0];
    const column = heading.cellIndex;
    const up = heading.getAttribute('aria-sort') !== 'ascending';
    for (const other of heading.parentElement.cells) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const valueOf = (row) => {
      const { value } = row.cells[column].dataset;
      return value === undefined ? row.cells[column].textContent : value === '' ? undefined : Number(value);
    };
    const order = (a, b) => {
      const [one, other] = [valueOf(a), valueOf(b)];
      if (one === undefined || other === undefined) return (one === undefined) - (other === undefined);
      return (typeof one === 'number' && typeof other === 'number' ? one - other : String(one).localeCompare(String(other))) * (up ? 1 : -1);
    };
    body.append(...[...body.rows].toSorted(order));
  }
  for (const button of document.querySelectorAll('thead button')) button.addEventListener('click', () => sortBy(button.closest('th')));

  drawAll();
  let width = document.body.clientWidth;
  let waiting;
  window.addEventListener('resize', () => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 100);
  });
})();
