/** Scenarios by name: loads that decide in production, each a few options and why. Data. */
import type { Config } from './config.ts';

export interface Preset {
  /** One line for `--help`. */
  about: string;
  /** What it shows, and when to use it; for the manual. */
  meaning: string;
  /** The figures of its short table, by their names; those of a steady load where there are none. */
  figures?: readonly string[];
  /** What it says of the load; what a person says beside it goes before it. */
  config: Config;
  /** What it expects in place of that where a URL is among the servers, since of a URL not every figure can be had. */
  expectOfUrls?: readonly string[];
  /** Servers that are ours are checked for leaks once all is measured. */
  leakCheck?: true;
}

export const presets: Readonly<Record<string, Preset>> = {
  firehose: {
    about: 'events as fast as the streams are read: what one server process can send',
    meaning:
      'The most events and bytes that one server process can send, what each costs it, and whether it serves all streams alike (fairness). ' +
      'For servers that stream what is there at once: logs, tokens, files. With --bytes from 0 to 65536 the cost of an event turns into the cost of a byte; with --streams 1 and --streams 1000 one sees what many streams at once add. ' +
      'The server is at its limit here, so latency is that of full buffers and compares nothing; where the generators are at theirs, the result is invalid.',
    figures: [
      'events',
      'bytes',
      'fairness',
      'cpu',
      'cpu-per-mb',
      'events-per-read',
      'held-timers',
      'failed',
      'missing',
    ],
    config: { streams: 100, interval: '0ms', quietStreams: 0, warmup: '1s', duration: '5s' },
  },
  churn: {
    about: 'streams that come and go: 200 a second, each for two seconds on average',
    meaning:
      'What it costs that streams come and go, as those of phones and pages do: the time to headers and first event while a server is busy letting others in and out, and whether it lets go of all in the end. ' +
      'Streams arrive whether or not earlier ones were served (the open model), and their times count from the intended start: a server that falls behind shows it. ' +
      'For servers whose clients stay for seconds rather than hours; --arrivals, --spacing, --lifetime and --lifetimes change it.',
    figures: [
      'opened',
      'dropped',
      'headers.p99',
      'ttfe.p99',
      'cpu',
      'release.p90',
      'held-timers',
      'failed',
      'missing',
    ],
    config: {
      arrivals: 200,
      spacing: 'poisson',
      lifetime: '2s',
      lifetimes: 'random',
      duration: '10s',
    },
  },
  finite: {
    about: 'streams of ten events, one after the other, and plain pages beside them',
    meaning:
      'How many short streams a second a server opens and ends, as for answers of a language model, and how many plain pages it serves beside that: what streaming adds to the HTTP of the same framework. ' +
      'Made by autocannon, which knows answers that end and no others; it asks for the next as soon as it has one (the closed model), so it says nothing of latency under a given rate, and no figure of that is shown. On few connections a server waits for its own timers, and how many streams it ends says little of it; what each costs it does.',
    figures: ['streams', 'plain', 'cpu-per-stream', 'cpu-per-plain', 'held-timers', 'failed'],
    config: { eventsEach: 10, streams: 200, interval: '1ms', duration: '3s' },
  },
  'slow-readers': {
    about: 'ten clients of sixty stop reading, of large events',
    meaning:
      'What a server does with clients that do not read: a page in the background, a phone in a tunnel. The system’s buffers take a few megabytes of each stream; then events wait in the server, and its memory grows by all that it sends to them, unless it waits, drops events or gives them up (evicted, and after how long; the system says so, since who does not read never hears of it). ' +
      'Whether the others notice is in their delivery; --slow-readers 0 measures the same without. --slow-bytes lets them read at a trickle.',
    figures: [
      'slow-growth',
      'evicted',
      'evicted-after',
      'delivery.p99',
      'loop-delay.p99',
      'held-timers',
      'failed',
      'missing',
    ],
    config: {
      streams: 50,
      slowReaders: 10,
      interval: '20ms',
      bytes: 16_384,
      quietStreams: 0,
      warmup: '6s',
      duration: '10s',
    },
  },
  'disconnect-storm': {
    about: 'two thousand streams leave at once; a hundred stay, and see what that does to them',
    meaning:
      'What happens when many clients leave in one moment, as when a proxy restarts or a train enters a tunnel: how long it takes until the server has let go of them (release), how long that holds up its event loop, and how late the events of those are that stay. ' +
      'With --disconnect reset they leave without any courtesy, with half-close they say so and read on, with kill they die with their process, as those of a proxy do.',
    figures: [
      'release.p50',
      'release.p99',
      'release.max',
      'storm-loop-delay.max',
      'storm-delivery.p99',
      'held-timers',
      'failed',
      'missing',
    ],
    config: { streams: 2_000, stayingStreams: 100, interval: '200ms' },
  },
  'reconnect-storm': {
    about:
      'the server is started again; a thousand clients come back when they may, with the id of their last event',
    meaning:
      'What a deployment does to clients that are there: how long until all have events again, how many of them come at once, how many attempts fail, and which events they miss or get twice. ' +
      'They come again as a browser’s EventSource does: after the time that the server has asked for (retry:), else after --retry, with Last-Event-ID; each waits up to --jitter longer, and twice as long after each attempt that failed. Where they are turned away they try again, which an EventSource does not. ' +
      'Servers that can are asked to number their events and to go on where a client was; the others begin anew, and send it all that it had again. ' +
      'With --cut end the server only ends its streams, and is looked into as ever; with --cut crash it is killed. --jitter 0ms lets all come at once, as browsers do.',
    figures: [
      'recovery.p50',
      'recovery.max',
      'connect-rate',
      'failed-attempts',
      'cut',
      'not-back',
      'missed-over-cut',
      'doubled-over-cut',
      'failed',
      'missing',
    ],
    config: { cut: 'restart', streams: 1_000 },
  },
  capacity: {
    about: 'the most streams of which all is still as expected',
    meaning:
      'How many streams a server bears: twice as many in each round until something is not as expected, then the gap halved until the two sides are within a tenth of each other, and each of these tried three times. What gave out first is told: the CPU of the server, the load generator (then the server may bear more), descriptors or ports. ' +
      'The table shows the figures under the most that it bore. What is too much is said by --expect; of a URL, whose interval --interval must say, schedule lag takes the place of delivery. --search rate looks for the highest rate on a given number of streams.',
    config: {
      search: 'streams',
      streams: 1_000,
      quietStreams: 0,
      expect: ['achieved > 90%', 'failed = 0', 'missing = 0', 'delivery.p99 < 50ms'],
    },
    expectOfUrls: ['achieved > 90%', 'failed = 0', 'lag.p99 < 50ms'],
  },
  soak: {
    about: 'the usual load for an hour',
    meaning:
      'Whether a server grows, or slows down, with time: by how much its memory and the mean delivery change in an hour, each with its interval (a line through ten parts of the measuring; of any round of a minute or more). Before a release. Servers that are ours are checked for leaks in the end.',
    config: { duration: '1h', rounds: 1 },
    leakCheck: true,
  },
};
