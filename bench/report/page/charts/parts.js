/*
 * Number formats, panels, columns and rows, for all charts. Needs `Plot`, which an earlier script
 * defines. Later scripts add their chart to `charts`: a function that draws it into a container with
 * a given width in pixels.
 */
'use strict';
(() => {
  const { Plot } = globalThis;

  /** Formats a number with three significant digits. */
  const number = (value) =>
    Number.isInteger(value) && value < 1e6
      ? value.toLocaleString('en-US')
      : Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
  const withUnit = (value, unit) => (unit === '' ? value : `${value} ${unit}`);
  const titleOf = (label, unit) => (unit === '' ? label : `${label}, ${unit}`);

  /** Draws a chart with the options that all charts share. */
  const plot = (title, width, options) =>
    Plot.plot({
      width,
      ariaLabel: title,
      style: { fontSize: '12px', background: 'transparent', overflow: 'visible' },
      ...options,
    });

  /** A chart below its title. */
  function panel(title, width, options) {
    const heading = document.createElement('h3');
    heading.textContent = title;
    const whole = document.createElement('div');
    whole.append(heading, plot(title, width, options));
    return whole;
  }

  /**
   * Arranges panels side by side.
   *
   * @param panels makes the panels, each with the width in pixels that it is given
   */
  function inColumns(container, width, columns, panels) {
    const own = Math.floor((width - 24 * (columns - 1)) / columns);
    container.replaceChildren(...panels(own));
    container.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  }

  /** Pixels of a character, on average, and of the space around a name. */
  const characterWidth = 6.8;
  const nameSpace = 24;
  const widthOf = (characters) => nameSpace + characterWidth * characters;
  const longestIn = (view) => Math.max(...view.data.servers.map(({ short }) => short.length));

  /**
   * Options for one row per server, with the names at the left. They take at most half of the width;
   * longer names are cut.
   */
  function serverRows(view, rows, width) {
    const marginLeft = Math.floor(Math.min(widthOf(longestIn(view)), width / 2));
    const most = Math.floor((marginLeft - nameSpace) / characterWidth);
    const cut = (name) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);
    return {
      marginLeft,
      y: {
        label: null,
        domain: rows.map(({ server }) => server),
        tickFormat: (name) => cut(view.short(name)),
        tickSize: 0,
      },
    };
  }

  /** The text beside the pointer. */
  const tip = (rows, pointer, options) =>
    Plot.tip(
      rows,
      pointer({ fill: 'var(--paper)', stroke: 'var(--line)', fontSize: 12, ...options }),
    );

  globalThis.charts = {};
  globalThis.chartParts = {
    number,
    withUnit,
    titleOf,
    plot,
    panel,
    inColumns,
    widthOf,
    longestIn,
    serverRows,
    tip,
  };
})();
