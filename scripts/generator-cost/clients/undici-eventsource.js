/** The EventSource of undici. */
import { EventSource } from 'undici';
import { controlEach, event, opened, url } from './control.js';

controlEach(() => {
  const source = new EventSource(url);
  source.addEventListener('open', opened);
  source.addEventListener('message', event);
});
