/** Clean: fetches from another server before each stream; `fetch` keeps its connections open for some seconds. */
import { forgets, serveStreams } from './streams.ts';
import { startUpstream } from './upstream.ts';

const { httpPort } = await startUpstream();

serveStreams(async () => {
  const isForgotten = forgets();
  const answer = await fetch(`http://127.0.0.1:${httpPort}/${isForgotten ? 'endless' : ''}`);
  if (!isForgotten) await answer.text();
  return () => void isForgotten; // keeps the answer, or nothing
});
