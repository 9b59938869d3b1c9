/*
 * The script of the page: shows, hides and highlights servers, and draws the charts. Needs `charts`
 * and `makeSortable`, which earlier scripts define. When the content of the page changes, call
 * `showPage` again; it keeps the user's choices.
 */
'use strict';
(() => {
  let view;
  let drawAll = () => {};
  /** Choices of the user: hidden servers, and the selected distribution of each figure. */
  const hidden = new Set();
  const chosen = new Map();

  /** Fades the lines of all other servers; without a name, of none. */
  function highlight(name) {
    for (const each of document.querySelectorAll('[class*="server-"]'))
      each.classList.toggle(
        'faded',
        name !== undefined && !each.classList.contains(view.named(name).className),
      );
  }

  /** The data of the page and the choices of the user, as charts need them. */
  function viewOf(data) {
    const servers = data.servers.map((server, place) => ({
      ...server,
      className: `server-${place}`,
    }));
    const byName = new Map(servers.map((server) => [server.name, server]));
    const named = (name) => byName.get(name);
    return {
      data,
      named,
      servers: () => servers.filter(({ name }) => !hidden.has(name)),
      isShown: ({ server }) => !hidden.has(server),
      color: ({ server }) => named(server).color,
      short: (name) => named(name).short,
      highlight,
    };
  }

  /** Lets the user select the distribution that a figure shows. */
  function choiceIn(figure) {
    const { curves } = view.data;
    const { first } = figure.dataset;
    const choice = document.createElement('select');
    choice.setAttribute('aria-label', 'Distribution');
    const about = document.createElement('p');
    about.className = 'fine';
    for (const { histogram, label } of curves) choice.append(new Option(label, histogram));
    const wanted = chosen.get(first) ?? first;
    choice.value = (curves.find(({ histogram }) => histogram === wanted) ?? curves[0]).histogram;
    const explain = () =>
      (about.textContent = curves.find(({ histogram }) => histogram === choice.value).definition);
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
    return () => {
      const width = Math.max(240, Math.floor(figure.clientWidth));
      globalThis.charts[chart](view, container, width, choice?.value);
    };
  }

  function prepareServer(box) {
    const { name, color, dash } = view.data.servers[Number(box.value)];
    box.checked = !hidden.has(name);
    box.nextElementSibling.style.borderTop = `3px ${dash === '' ? 'solid' : 'dashed'} ${color}`;
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(name);
      else hidden.add(name);
      drawAll();
    });
    const label = box.closest('label');
    label.addEventListener('pointerenter', () => highlight(name));
    label.addEventListener('pointerleave', () => highlight());
  }

  globalThis.showPage = (data) => {
    view = viewOf(data);
    for (const box of document.querySelectorAll('#servers input')) prepareServer(box);
    globalThis.makeSortable();
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
