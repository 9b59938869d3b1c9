/** The `fetch` of Node with the stream of eventsource-parser, as its documentation shows it. */
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { controlEach, event, opened, url } from './control.js';

controlEach(async () => {
  const { body } = await fetch(url);
  opened();
  const events = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const _ of events) event();
});
