/** `http.get` that counts the empty lines in each piece of the body. */
import { get } from 'node:http';
import { controlEach, event, opened, url } from './control.js';

controlEach(() => {
  get(url, (response) => {
    opened();
    response.on('data', (bytes) => {
      for (let at = bytes.indexOf('\n\n'); at >= 0; at = bytes.indexOf('\n\n', at + 2)) event();
    });
  });
});
