/** Clean: fetches from another server before each stream. `fetch` keeps connections for seconds. */
import { forgets, serveStreams } from './streams.ts';
import { startUpstream } from './upstream.ts';

const { httpPort } = await startUpstream();
/** Unread answers. Without a reference, the garbage collector would cancel them. */
const forgotten: Response[] = [];

serveStreams(async () => {
  const isForgotten = forgets();
  const answer = await fetch(`http://127.0.0.1:${httpPort}/${isForgotten ? 'endless' : ''}`);
  if (isForgotten) forgotten.push(answer);
  else await answer.text();
  return () => {};
});
