/*
 * The script of the page: switches servers on and off, sorts tables, draws charts. Needs
 * `chartsOf`, which an earlier script defines. When the content of the page changes, call
 * `showPage` again; it keeps the user's choices.
 */
'use strict';
(() => {
  let data;
  let charts;
  let drawAll = () => {};
  /** Choices of the user: hidden servers, and the selected distribution of each figure. */
  const hidden = new Set();
  const chosen = new Map();

  const isShown = ({ server }) => !hidden.has(server);

  /** A figure in which the user can select a distribution. */
  function choiceIn(figure) {
    const { first } = figure.dataset;
    const choice = document.createElement('select');
    choice.setAttribute('aria-label', 'What to show');
    const about = document.createElement('p');
    about.className = 'fine';
    for (const { histogram, label } of data.curves) choice.append(new Option(label, histogram));
    const wanted = chosen.get(first) ?? first;
    choice.value = data.curves.some(({ histogram }) => histogram === wanted)
      ? wanted
      : data.curves[0].histogram;
    const explain = () =>
      (about.textContent = data.curves.find(
        ({ histogram }) => histogram === choice.value,
      ).definition);
    choice.addEventListener('change', () => {
      chosen.set(first, choice.value);
      explain();
      drawAll();
    });
    explain();
    figure.querySelector('figcaption').append(choice, about);
    return choice;
  }

  /** @returns a function that draws one figure at the available width */
  function drawnIn(figure) {
    const container = figure.querySelector('.chart');
    const { chart } = figure.dataset;
    const choice = chart === 'curves' ? choiceIn(figure) : undefined;
    return () =>
      charts[chart](container, Math.max(240, Math.floor(figure.clientWidth)), choice?.value);
  }

  function switchable(box) {
    const { name, color, dash } = data.servers[Number(box.value)];
    box.checked = !hidden.has(name);
    box.nextElementSibling.style.borderTop = `3px ${dash === '' ? 'solid' : 'dashed'} ${color}`;
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(name);
      else hidden.add(name);
      drawAll();
    });
  }

  /** Rows without a figure come last, in either direction. */
  function sortBy(heading) {
    const body = heading.closest('table').tBodies[0];
    const column = heading.cellIndex;
    const up = heading.getAttribute('aria-sort') !== 'ascending';
    for (const other of heading.parentElement.cells) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const valueOf = (row) => {
      const { value } = row.cells[column].dataset;
      return value === undefined
        ? row.cells[column].textContent
        : value === ''
          ? undefined
          : Number(value);
    };
    const order = (a, b) => {
      const [one, other] = [valueOf(a), valueOf(b)];
      if (one === undefined || other === undefined)
        return (one === undefined) - (other === undefined);
      return (
        (typeof one === 'number' && typeof other === 'number'
          ? one - other
          : String(one).localeCompare(String(other))) * (up ? 1 : -1)
      );
    };
    body.append(...[...body.rows].toSorted(order));
  }

  globalThis.showPage = (shown) => {
    data = shown;
    charts = globalThis.chartsOf(data, isShown);
    for (const box of document.querySelectorAll('#servers input')) switchable(box);
    for (const button of document.querySelectorAll('thead button'))
      button.addEventListener('click', () => sortBy(button.closest('th')));
    const figures = [...document.querySelectorAll('figure[data-chart]')].map(drawnIn);
    drawAll = () => figures.forEach((draw) => draw());
    drawAll();
  };

  const saved = document.getElementById('data');
  if (saved) globalThis.showPage(JSON.parse(saved.textContent));
  let width = document.body.clientWidth;
  let waiting;
  window.addEventListener('resize', () => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    clearTimeout(waiting);
    waiting = setTimeout(() => drawAll(), 100);
  });
})();
