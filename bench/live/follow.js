/*
 * Runs in the browser during a run: shows the page that the server sends, and the progress line.
 * Needs `showPage`, which an earlier script defines.
 */
'use strict';
(() => {
  const status = document.createElement('p');
  status.id = 'live';
  status.setAttribute('role', 'status');
  status.textContent = 'Waiting for the run to start.';
  document.body.prepend(status);

  const source = new EventSource('events');
  source.addEventListener('page', ({ data }) => {
    const { header, main, data: figures } = JSON.parse(data);
    document.querySelector('header').innerHTML = header;
    document.querySelector('main').innerHTML = main;
    globalThis.showPage(figures);
  });
  source.addEventListener('progress', ({ data }) => (status.textContent = data));
  source.addEventListener('end', () => {
    source.close();
    status.textContent = 'The run has ended. This is its report.';
  });
  source.addEventListener(
    'error',
    () => (status.textContent = 'Connection lost. The run may have been stopped.'),
  );
})();
