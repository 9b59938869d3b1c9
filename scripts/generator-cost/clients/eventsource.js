/** The package `eventsource`, which uses the `fetch` of Node. */
import { EventSource } from 'eventsource';
import { controlEach, event, opened, url } from './control.js';

controlEach(() => {
  const source = new EventSource(url);
  source.addEventListener('open', opened);
  source.addEventListener('message', event);
});
