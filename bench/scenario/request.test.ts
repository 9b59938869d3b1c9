import { describe, expect, test } from 'vitest';
import { complaintsOf, valueOf } from './complaint.ts';
import { withNamedScenario } from './merge-words.ts';
import { namedScenarios } from './named-scenarios.ts';
import { fromOutside } from './scenario.ts';
import { readRunRequest } from './request.ts';
import type { RunWords } from './run-words.ts';

const limits = { descriptors: 20_000, ports: 28_232, memoryBytes: 24e9 };

/** Like `RunWords`, but each option has one mention. */
type Words = Partial<Omit<RunWords, 'options'> & { options: Record<string, string | true> }>;

function read({ servers = [], options = {}, headers = [], expect: expected = [], ...own }: Words) {
  const mentions = Object.entries(options).map(([name, text]) => [name, [text]] as const);
  return readRunRequest(
    { servers, options: Object.fromEntries(mentions), headers, expect: expected, ...own },
    limits,
  );
}

function requested(words: Words) {
  return valueOf(read(words));
}
function complained(words: Words) {
  return complaintsOf(read(words));
}

test('further complaints know the valid servers, and come with all others', () => {
  const url = 'http://127.0.0.1:3000/event';
  const refusal = readRunRequest(
    {
      servers: [url, 'nope'],
      options: { streams: ['0'], unixSocket: [''], sequence: ['id'] },
      headers: ['A: b'],
      expect: [],
    },
    limits,
    ({ serversUnderTest, load, events }) => [
      `${serversUnderTest.map((server) => `${server.name} ${server.kind === 'url' && server.request.headers.a}`).join()} ${load.kind} ${events.sequence}`,
    ],
  );
  expect(complaintsOf(refusal)).toEqual([
    expect.stringContaining('--streams 0'),
    expect.stringContaining('nope: no such server'),
    expect.stringContaining('--unix-socket'),
    `${url} b steady id`,
  ]);
});

describe('defaults', () => {
  test('are all servers, 1,000 streams and an event each 100 ms', () => {
    const { serversUnderTest, scenario } = requested({});
    expect(serversUnderTest.map(({ name }) => name)).toEqual([
      'floor',
      'node-http',
      'express',
      'fastify',
      'hono',
      'koa',
      'h3',
      'nest',
      'better-sse',
    ]);
    expect(scenario).toMatchObject({
      streams: 1000,
      quietStreams: 200,
      intervalMs: 100,
      rampMs: 1_500,
      warmUpMs: 500,
      durationMs: 2_500,
      rounds: 3,
    });
  });

  test('grow with the streams and the interval', () => {
    const { scenario } = requested({
      servers: ['koa'],
      options: { streams: '10000', interval: '1s' },
    });
    expect(scenario).toMatchObject({
      rampMs: 10_000,
      warmUpMs: 3_000,
      durationMs: 10_000,
      quietStreams: 200,
    });
  });

  test('have a longer ramp over TLS', () => {
    const options = { streams: '5000' };
    const of = (server: string) => requested({ servers: [server], options }).scenario;
    expect(of('http://127.0.0.1/')).toMatchObject({ rampMs: 5_000 });
    expect(of('https://127.0.0.1/')).toMatchObject({ rampMs: 15_000 });
  });

  test('include no interval and no quiet streams for a URL', () => {
    const { serversUnderTest, scenario } = requested({ servers: ['http://127.0.0.1:3000/event'] });
    const url = 'http://127.0.0.1:3000/event';
    expect(serversUnderTest).toEqual([fromOutside(url, url, null)]);
    expect(scenario).toMatchObject({ intervalMs: null, quietStreams: 0, durationMs: 10_000 });
  });

  test('are small for a URL, but not beside a reference server, and options override them', () => {
    const url = 'http://127.0.0.1:3000/event';
    const of = (words: Words) => {
      const { scenario, smallLoad } = requested(words);
      return { streams: scenario.streams, rounds: scenario.rounds, smallLoad };
    };
    expect(of({ servers: [url] })).toEqual({
      streams: 100,
      rounds: 1,
      smallLoad: { streams: { value: 100, usual: 1_000 }, rounds: { value: 1, usual: 6 } },
    });
    expect(of({ servers: [url, 'koa'] })).toEqual({ streams: 1000, rounds: 3, smallLoad: {} });
    expect(of({ servers: [url], options: { streams: '7', rounds: '2' } })).toEqual({
      streams: 7,
      rounds: 2,
      smallLoad: {},
    });
  });

  test.each([
    ['churn', { streams: 100, rounds: 1, load: { perSecond: 50 } }, 'arrivals 200 rounds 6'],
    ['slow-readers', { streams: 50, slowReaders: 10, rounds: 1 }, 'rounds 6'],
    [
      'disconnect-storm',
      { streams: 100, remainingStreams: 20, rounds: 1 },
      'streams 2000 remainingStreams 100 rounds 6',
    ],
    [
      'reconnect-storm',
      { streams: 100, rounds: 1, load: { how: 'client', jitterMs: 1_000 } },
      'streams 1000 rounds 6',
    ],
    ['capacity', { streams: 100 }, 'streams 1000'],
    ['soak', { streams: 100, rounds: 1 }, 'streams 1000'],
  ])('for a URL alone, the scenario %s is small', (name, values, usual) => {
    const url = 'http://127.0.0.1:3000/event';
    const of = (given: Partial<RunWords>) =>
      valueOf(
        readRunRequest(
          withNamedScenario({
            servers: [url],
            options: { scenario: [name] },
            headers: [],
            expect: [],
            ...given,
          }),
          limits,
        ),
      );
    const { scenario, smallLoad } = of({});
    expect(scenario).toMatchObject(values);
    expect(
      Object.entries(smallLoad)
        .map(([option, each]) => `${option} ${each.usual}`)
        .join(' '),
    ).toBe(usual);
    const beside = of({ servers: [url, 'koa'] });
    expect(beside.smallLoad).toEqual({});
    expect(beside.scenario.streams).not.toBe(100);
    const streams = Object.keys(smallLoad).find((option) => option !== 'rounds');
    if (streams === undefined) return;
    const given = of({ options: { scenario: [name], [streams]: ['30'] } });
    expect(given.smallLoad).not.toHaveProperty(streams);
  });

  test('include a new seed each time', () => {
    expect(requested({}).scenario.seed).not.toBe(requested({}).scenario.seed);
  });
});

test('uses the given options', () => {
  const { scenario } = requested({
    servers: ['hono'],
    options: {
      streams: '50',
      interval: '20ms',
      ramp: '0s',
      warmup: '1s',
      duration: '2m',
      rounds: '7',
      quietStreams: '3',
      seed: '42',
      disconnect: 'reset',
    },
    headers: ['Authorization: Bearer a:b', 'x-empty:'],
  });
  expect(scenario).toEqual({
    name: null,
    events: { sequence: null, stamp: null, sequenceOf: null, byEvent: false },
    streams: 50,
    intervalMs: 20,
    payloadBytes: 0,
    ticker: 'own',
    serverProcesses: 1,
    load: { kind: 'steady' },
    slowReaders: 0,
    slowBytesPerSecond: 0,
    remainingStreams: 0,
    rampMs: 0,
    warmUpMs: 1_000,
    durationMs: 120_000,
    rounds: 7,
    quietStreams: 3,
    seed: 42,
    reconnect: null,
    disconnect: 'reset',
    transport: 'socket',
    streamsPerConnection: null,
    headers: { authorization: 'Bearer a:b', 'x-empty': '' },
  });
});

test('streams that need more descriptors than one process has get more server processes', () => {
  const processesFor = (streams: string, more: object = {}) =>
    requested({ servers: ['floor'], options: { streams, quietStreams: '0', ...more } }).scenario
      .serverProcesses;
  expect(processesFor('19800')).toBe(1);
  expect(processesFor('19801')).toBe(2);
  expect(processesFor('100000')).toBe(6);
  expect(processesFor('1000', { serverProcesses: '3' })).toBe(3);
});

describe('own servers', () => {
  const url = 'http://127.0.0.1:3000/event';
  const named = (name: string, more: object = {}) => ({ at: `file: ${name}`, name, url, ...more });

  test('the server of --url comes after the named ones, and the first is the baseline', () => {
    const words = { servers: ['express'], command: ['sh'], options: { url, name: 'new' } };
    const { serversUnderTest, against } = requested(words);
    expect(serversUnderTest.map(({ name }) => name)).toEqual(['express', 'new']);
    expect(against).toBe('express');
    expect(requested({ ...words, options: { ...words.options, against: 'new' } }).against).toBe(
      'new',
    );
    expect(requested({ options: { url } }).serversUnderTest).toEqual([fromOutside(url, url, null)]);
  });

  test('headers of a server are sent only to it, and override those of all servers', () => {
    const ownServers = [
      named('old', { headers: { Authorization: 'Bearer old', Accept: 'text/event-stream' } }),
      named('new'),
    ];
    const { serversUnderTest, scenario } = requested({
      servers: ['old', 'new', 'express'],
      ownServers,
      headers: ['authorization: Bearer all'],
    });
    expect(scenario.headers).toEqual({ authorization: 'Bearer all' });
    expect(
      serversUnderTest.map((server) => server.kind === 'url' && server.request.headers),
    ).toEqual([
      { authorization: 'Bearer old', accept: 'text/event-stream' },
      { authorization: 'Bearer all' },
      false,
    ]);
  });

  test('a misspelt name is compared with the names of the config file too', () => {
    const ownServers = [named('candidate')];
    expect(complained({ servers: ['candidat'], ownServers })).toEqual([
      'candidat: no such server; did you mean candidate?',
    ]);
    expect(complained({ servers: ['candidate', 'candidate'], ownServers })).toEqual([
      'candidate: given twice; give it once',
    ]);
  });

  test('an unknown name may be in a config file that could not be read', () => {
    const unread = { servers: ['candidat'], options: { against: 'old' }, lacksServers: true };
    expect(complained(unread)).toEqual([]);
    expect(complained({ ...unread, lacksServers: false })).toHaveLength(2);
    expect(complained({ ...unread, servers: ['http://x y/'] })).toHaveLength(1);
  });

  test('phases follow the interval that all servers have', () => {
    const interval = '2s';
    const ownServers = [named('old', { interval }), named('new', { interval }), named('other')];
    const of = (...servers: string[]) => requested({ servers, ownServers }).scenario;
    expect(of('old', 'new')).toMatchObject({ intervalMs: 2_000, durationMs: 20_000 });
    expect(of('old', 'other')).toMatchObject({ intervalMs: null });
  });

  test('only a server that ssebench starts needs descriptors here', () => {
    const options = { url, streams: '19900' };
    expect(requested({ options }).scenario.streams).toBe(19_900);
    expect(complained({ options, command: ['sh'] })).toEqual([
      expect.stringContaining('a server needs 20100 file descriptors, but its limit is 20000'),
    ]);
  });
});

describe('URLs that differ only in hidden parts', () => {
  const urls = ['old', 'new', 'next'].map((impl) => `http://me:${impl}@127.0.0.1/?impl=${impl}`);
  const [old, next] = [urls[0]!, urls[2]!];
  const names = [
    'http://127.0.0.1/?impl=hidden',
    'http://127.0.0.1/?impl=hidden (2)',
    'http://127.0.0.1/?impl=hidden (3)',
  ];

  test('are different servers, distinguished by a number', () => {
    const { serversUnderTest, against } = requested({ servers: urls });
    expect(serversUnderTest.map(({ name }) => name)).toEqual(names);
    expect(
      serversUnderTest.map(
        (serverUnderTest) => serverUnderTest.kind === 'url' && serverUnderTest.url,
      ),
    ).toEqual(urls);
    expect(against).toBe(names[0]);
  });

  test.each([
    [next, names[2]],
    [names[1]!, names[1]],
    [`${old}#fragment`, names[0]],
  ])('--against %s', (against, name) =>
    expect(requested({ servers: urls, options: { against } }).against).toBe(name),
  );

  test('count as given twice if they send the same request', () => {
    expect(complained({ servers: [old, next, `${old}#fragment`] })).toEqual([
      'http://127.0.0.1/?impl=hidden: given twice; give it once',
    ]);
  });
});

test.each<[string, Words, string]>([
  [
    'a suggested URL',
    { servers: ['u:s3cret@127.0.0.1:3000/event?ticket=s3cret'] },
    '127.0.0.1:3000/event?ticket=hidden: no such server; did you mean http://127.0.0.1:3000/event?ticket=hidden?',
  ],
  [
    'an invalid port',
    { servers: ['http://u:s3cret@127.0.0.1:99999/?s3cret'] },
    'http://127.0.0.1:99999/?hidden: must have a host',
  ],
  [
    'an unsupported protocol',
    { servers: ['ftp://u:s3cret@127.0.0.1/'] },
    'ftp://127.0.0.1/: must be a URL',
  ],
  [
    'a header without quotes',
    { servers: ['koa', 'Bearer', 's3cret'], headers: ['Authorization:'] },
    'hidden: no such server',
  ],
  [
    'a header without a colon',
    { servers: ['koa'], headers: ['Authorization Bearer s3cret'] },
    '--header Authorization (not saved): must be',
  ],
  [
    'a header given twice',
    { servers: ['koa'], headers: ['Cookie: a', 'Cookie: s3cret'] },
    '--header Cookie: (not saved): given twice',
  ],
  [
    'an unknown server for --against',
    { servers: ['koa', 'h3'], options: { against: 'http://u:s3cret@h/?s3cret' } },
    '--against http://h/?hidden: not one of the measured servers',
  ],
  [
    'a value in the wrong place',
    { servers: ['koa'], options: { streams: 'http://u:s3cret@h/?s3cret' } },
    '--streams http://h/?hidden: must be',
  ],
])('no complaint has a secret in it: %s', (_what, words, complaint) => {
  const complaints = complained(words).join('\n');
  expect(complaints).toContain(complaint);
  expect(complaints).not.toContain('s3cret');
});

test('by default, only servers with backpressure run at an unlimited rate', () => {
  const { serversUnderTest, scenario } = requested({ options: { interval: '0ms', bytes: '100' } });
  expect(serversUnderTest.map(({ name }) => name)).toEqual([
    'floor',
    'node-http',
    'express',
    'fastify',
    'hono',
    'koa',
    'h3',
    'better-sse',
  ]);
  expect(scenario).toMatchObject({ intervalMs: 0, payloadBytes: 100, durationMs: 2_500 });
});

test('with --arrivals, the ramp lasts until the number of open streams is stable', () => {
  expect(requested({ options: { arrivals: '200' } }).scenario).toMatchObject({
    streams: 400,
    quietStreams: 80,
    rampMs: 6_000,
    load: {
      kind: 'churn',
      perSecond: 200,
      spacing: 'poisson',
      lifetimeMs: 2_000,
      lifetimes: 'random',
    },
  });
  const fixed = { arrivals: '50', spacing: 'constant', lifetime: '500ms', lifetimes: 'fixed' };
  expect(requested({ options: fixed }).scenario).toMatchObject({ streams: 25, rampMs: 500 });
});

test('with --reconnect, clients of any steady load wait as they do after a cut', () => {
  const { scenario } = requested({ options: { reconnect: '', streams: '3000', retry: '2s' } });
  expect(scenario).toMatchObject({
    load: { kind: 'steady' },
    reconnect: { retryMs: 2_000, jitterMs: 3_000 },
  });
  expect(requested({ options: { reconnect: 'false' } }).scenario.reconnect).toBe(null);
});

test('with --cut, the measurement is long enough for all clients to reconnect twice', () => {
  expect(requested({ options: { cut: 'crash', streams: '3000' } }).scenario).toMatchObject({
    quietStreams: 0,
    load: { kind: 'reconnect', how: 'crash', retryMs: 1_000, jitterMs: 3_000 },
    durationMs: 9_200,
  });
});

test.each(Object.keys(namedScenarios))(
  'the scenario %s is a valid request, which other options change',
  (name) => {
    const words = (options: Record<string, string[]>) =>
      withNamedScenario({
        servers: [],
        options: { scenario: [name], ...options },
        headers: [],
        expect: [],
      });
    const answer = readRunRequest(words({}), limits);
    expect(answer).toMatchObject({ value: { scenario: { name } } });
    expect(readRunRequest(words({ duration: ['3s'], seed: ['2'] }), limits)).toMatchObject({
      value: { scenario: { name, durationMs: 3_000, seed: 2 } },
    });
  },
);

describe('a named scenario of a URL', () => {
  const url = 'http://127.0.0.1:3000/event';
  /**
   * The complaints about each scenario; empty if it can be measured. A new scenario needs a row.
   */
  const known: Record<string, readonly string[]> = {
    firehose: ['--bytes 256', '--interval 0ms'],
    churn: [],
    finite: ['--events-each 10'],
    'slow-readers': [],
    'disconnect-storm': [],
    'reconnect-storm': [],
    capacity: [],
    shutdown: ['--grace 30s'],
    answers: [],
    abort: [],
    soak: [],
  };
  test.each(Object.keys(namedScenarios))('%s', (name) => {
    const words = withNamedScenario({
      servers: [url],
      options: { scenario: [name] },
      headers: [],
      expect: [],
    });
    const complaints = complaintsOf(readRunRequest(words, limits));
    expect(complaints.map((complaint) => complaint.split(': ')[0])).toEqual(known[name]);
  });

  test.each<[string, Partial<RunWords>, string]>([
    ['a reference server', { servers: ['koa'] }, 'restart'],
    ['a command', { command: ['node', 'server.js'], options: { url: [url] } }, 'restart'],
    ['a running process', { options: { url: [url], pid: ['1'] } }, 'client'],
    ['a URL beside a command', { servers: [url], command: ['node'] }, 'client'],
  ])('reconnect-storm cuts the streams of %s as far as possible', (_what, words, how) => {
    const options = { scenario: ['reconnect-storm'], ...words.options };
    const none = { servers: [], headers: [], expect: [] };
    expect(withNamedScenario({ ...none, ...words, options }).options.cut).toEqual([how]);
  });

  test('capacity expects only metrics that a URL has', () => {
    const expected = (servers: string[], options: Record<string, string[]> = {}) =>
      withNamedScenario({
        servers,
        options: { scenario: ['capacity'], ...options },
        headers: [],
        expect: [],
      }).expect;
    const servers = ['koa', 'https://example.com/'];
    expect(expected(['koa'])).toContain('delivery.p99 < 50ms');
    expect(expected(servers, { interval: ['1s'] })).toContain('lag.p99 < 50ms');
    expect(expected(servers)).toEqual(['failed = 0', 'ended = 0', 'headers.p90 < 500ms']);
  });
});

test('the interval of a URL is known only if it is given', () => {
  const servers = ['express', 'http://127.0.0.1:3000/event'];
  expect(requested({ servers }).serversUnderTest[1]).toMatchObject({ intervalMs: null });
  expect(requested({ servers, options: { interval: '2s' } }).serversUnderTest[1]).toMatchObject({
    intervalMs: 2_000,
  });
});

describe('complaints', () => {
  test.each<[string, Words, string[]]>([
    ['an unknown server', { servers: ['expres'] }, ['expres: no such server', 'express']],
    [
      'a name that every JavaScript object has',
      { servers: ['constructor'] },
      ['constructor: no such server'],
    ],
    [
      'a URL without its protocol',
      { servers: ['localhost:3000/event'] },
      ['localhost:3000/event', 'http://localhost:3000/event'],
    ],
    [
      'options that npm kept for itself',
      { servers: ['7'] },
      ['7: no such server', 'npm run bench -- '],
    ],
    ['a server given twice', { servers: ['koa', 'koa'] }, ['koa: given twice']],
    [
      'a URL of another protocol',
      { servers: ['ftp://example.com/'] },
      ['ftp://example.com/', 'http://'],
    ],
    ['an invalid URL', { servers: ['http://['] }, ['http://[']],
    [
      'an invalid number',
      { options: { streams: 'many' } },
      ['--streams many', 'whole number', '--streams 1000'],
    ],
    ['no streams', { options: { streams: '0' } }, ['--streams 0']],
    ['half a stream', { options: { streams: '1.5' } }, ['--streams 1.5']],
    [
      'a duration without a unit',
      { options: { duration: '10' } },
      ['--duration 10', '--duration 10s'],
    ],
    [
      'an unlimited rate with a server without backpressure',
      { servers: ['koa', 'nest'], options: { interval: '0ms' } },
      ['--interval 0ms: nest has no backpressure', 'leave out nest'],
    ],
    [
      'an unlimited rate with a URL',
      { servers: ['http://127.0.0.1/'], options: { interval: '0ms' } },
      ['--interval 0ms: only reference servers send at an unlimited rate'],
    ],
    [
      'a ticker for a URL',
      { servers: ['http://127.0.0.1/'], options: { ticker: 'own' } },
      ['--ticker own: only reference servers let ssebench choose their timers'],
    ],
    [
      'larger events for a URL',
      { servers: ['http://127.0.0.1/'], options: { bytes: '10' } },
      ['--bytes 10: only reference servers let ssebench choose the size of events'],
    ],
    [
      'events of more than 1 MiB',
      { options: { bytes: '1048577' } },
      ['--bytes 1048577: must be a whole number from 0 to 1,048,576'],
    ],
    [
      'a rate of 0',
      { options: { arrivals: '0' } },
      ['--arrivals 0: must be a whole number from 1 to 10,000'],
    ],
    [
      '--streams with --arrivals',
      { options: { arrivals: '10', streams: '10' } },
      ['--streams 10: with --arrivals, the number of open streams follows from --lifetime'],
    ],
    [
      'a lifetime without --arrivals',
      { options: { lifetime: '1s' } },
      ['--lifetime 1s: has no effect without --arrivals; add --arrivals'],
    ],
    [
      'an unknown spacing',
      { options: { arrivals: '5', spacing: 'even' } },
      ['--spacing even: must be constant, poisson or ramp'],
    ],
    [
      'more open streams than a server has descriptors',
      { options: { arrivals: '10000', lifetime: '60s' } },
      ['--arrivals 10000 (up to 603873 streams open at once)', 'fewer, or a shorter --lifetime'],
    ],
    [
      '--slow-bytes without slow readers',
      { options: { slowBytes: '5' } },
      ['--slow-bytes 5: has no effect without --slow-readers; add --slow-readers'],
    ],
    [
      'more slow readers than a server has descriptors',
      { options: { streams: '10', slowReaders: '19900', serverProcesses: '1' } },
      [
        '--streams 10: with 2 quiet streams and 19900 slow or remaining streams, a server needs',
        'fewer slow or remaining streams',
      ],
    ],
    [
      'streams that end, with a URL',
      { servers: ['http://127.0.0.1/'], options: { eventsEach: '5', interval: '1ms' } },
      ['--events-each 5: only reference servers end their streams on request'],
    ],
    [
      'streams that last too long for the measurement',
      { options: { eventsEach: '100' } },
      ['--events-each 100: a stream takes 10 s', '--duration 40s'],
    ],
    [
      'streams that end, with a measurement under 1 s',
      { options: { eventsEach: '5', interval: '1ms', duration: '500ms' } },
      ['--duration 500ms', '--duration 1s or more'],
    ],
    [
      'streams that end, with slow readers',
      { options: { eventsEach: '5', interval: '1ms', slowReaders: '5' } },
      ['--slow-readers: does not combine with --events-each, whose streams end'],
    ],
    [
      'a search without expectations',
      { options: { search: 'streams' } },
      ['--search streams: needs an expectation', '--expect', '--scenario capacity'],
    ],
    [
      'streams that end, with a ramp',
      { options: { eventsEach: '5', interval: '1ms', ramp: '2s' } },
      ['--ramp: does not combine with --events-each, whose streams end'],
    ],
    [
      'a search with --rounds',
      { options: { search: 'streams', rounds: '6' }, expect: ['failed = 0'] },
      ['--rounds 6: does not combine with --search, which runs as many rounds as it needs'],
    ],
    [
      'a search for the rate, with a URL',
      { servers: ['http://127.0.0.1/'], options: { search: 'rate' }, expect: ['failed = 0'] },
      ['--search rate: only reference servers let ssebench choose the rate'],
    ],
    [
      'a search for the rate that starts too low',
      { options: { search: 'rate', interval: '5s' }, expect: ['failed = 0'] },
      ['--interval 5s: --search rate starts with at least one event per second'],
    ],
    [
      'a search for the rate at an unlimited rate',
      { options: { search: 'rate', interval: '0ms' }, expect: ['failed = 0'] },
      ['--search rate: cannot start at an unlimited rate', '--interval 100ms'],
    ],
    [
      'a search with --arrivals',
      { options: { search: 'streams', arrivals: '5' }, expect: ['failed = 0'] },
      ['--arrivals: does not combine with --search'],
    ],
    [
      'a cut with a URL',
      { servers: ['http://127.0.0.1/'], options: { cut: 'end' } },
      ['--cut end: only reference servers cut their streams on request', 'use --cut client'],
    ],
    [
      'an unknown kind of cut',
      { options: { cut: 'off' } },
      ['--cut off: must be end, restart, crash or client'],
    ],
    [
      'a reconnect delay without a cut',
      { options: { retry: '5s' } },
      ['--retry 5s: has no effect without --cut or --reconnect; add one of them'],
    ],
    [
      'a measurement too short to reconnect in',
      { options: { cut: 'end', retry: '5s', duration: '3s' } },
      [
        '--duration 3s: clients reconnect up to 6s after the cut',
        '--duration 7s or more',
        'shorter --retry or --jitter',
      ],
    ],
    [
      'a cut before the first events',
      { options: { cut: 'end', interval: '1s', warmup: '500ms' } },
      [
        '--warmup 500ms: some streams would be cut before their first event',
        '--warmup 1s or more',
        'a shorter --interval',
      ],
    ],
    [
      'a cut with a reconnect delay of 0',
      { options: { cut: 'end', retry: '0ms' } },
      ['--retry 0ms: must be a duration'],
    ],
    [
      'a cut with --arrivals',
      { options: { cut: 'end', arrivals: '5' } },
      ['--arrivals 5: does not combine with --cut'],
    ],
    [
      'a disconnect mode with a server that restarts',
      { options: { cut: 'crash', disconnect: 'kill' } },
      [
        '--disconnect kill: has no measurable effect, because --cut crash restarts the server',
        'use --cut end',
      ],
    ],
    [
      'a cut at an unlimited rate',
      { options: { cut: 'end', interval: '0ms' } },
      ['--interval 0ms: --cut needs an event per interval', '--interval 100ms'],
    ],
    [
      'an unknown scenario',
      { options: { scenario: 'storm' } },
      [
        '--scenario storm: must be firehose, churn, finite, slow-readers, disconnect-storm, reconnect-storm, shutdown, answers, abort, capacity or soak',
      ],
    ],
    [
      'an interval with a fraction of a millisecond',
      { options: { interval: '1.5ms' } },
      ['--interval 1.5ms'],
    ],
    ['an option without its value', { options: { ramp: true } }, ['--ramp: must be']],
    ['no rounds', { options: { rounds: '0' } }, ['--rounds 0']],
    ['a seed beyond 32 bits', { options: { seed: '4294967296' } }, ['--seed 4294967296']],
    ['a header without a name', { headers: [': x'] }, ['--header : (not saved)']],
    ['a header with a line break', { headers: ['a: b\nc: d'] }, ['--header a: (not saved)']],
    ['a header without its value', { headers: [true] }, ['--header']],
    [
      'more streams than a server has descriptors',
      { options: { streams: '25000', serverProcesses: '1' } },
      ['--streams 25000', '20000', 'at most 19600, --server-processes 2, or', 'ulimit'],
    ],
    [
      'more streams than several processes have descriptors',
      { options: { streams: '50000', serverProcesses: '2' } },
      [
        '--streams 50000: with 200 quiet streams, 2 server processes with 20000 file descriptors each have room for 38617 streams',
        'use at most 38417, --server-processes 3, or raise the limit',
      ],
    ],
    [
      'more streams at once than one client has descriptors',
      { options: { streams: '50000', eventsEach: '5', interval: '1ms' } },
      [
        'a client needs 50200 file descriptors, but its limit is 20000; use at most 19800, or raise',
      ],
    ],
    [
      'more streams than there is memory',
      { options: { streams: '1000000', quietStreams: '0' } },
      ['--streams 1000000: server and generators need about', 'GB of memory', '24.0 GB available'],
    ],
    [
      'more streams over TLS than there is memory',
      { options: { streams: '180000', pid: String(process.pid), url: 'https://127.0.0.1/' } },
      ['--streams 180000: server and generators need about', '25.4 GB of memory', 'use at most'],
    ],
    ['no server process', { options: { serverProcesses: '0' } }, ['--server-processes 0: must be']],
    [
      'several processes of a URL',
      { servers: ['http://127.0.0.1/'], options: { serverProcesses: '2' } },
      ['--server-processes 2: only reference servers let ssebench choose their processes'],
    ],
    [
      'more quiet streams than a server has descriptors',
      { options: { quietStreams: '19000', serverProcesses: '1' } },
      ['--streams 1000', '19000 quiet streams', 'at most 800'],
    ],
    [
      'more streams than there are ports',
      { servers: ['http://10.0.0.1/'], options: { streams: '30000' } },
      ['--streams 30000', '28232'],
    ],
    [
      'quiet streams for a URL',
      { servers: ['http://127.0.0.1/'], options: { quietStreams: '5' } },
      ['--quiet-streams 5'],
    ],
  ])('%s', (_what, words, parts) => {
    const complaints = complained(words);
    expect(complaints).toHaveLength(1);
    for (const part of parts) expect(complaints[0]).toContain(part);
  });

  test('come all together', () => {
    const complaints = complained({
      servers: ['nope', 'gopher://x'],
      options: {
        streams: 'x',
        interval: 'x',
        duration: 'x',
        ramp: 'x',
        warmup: 'x',
        rounds: 'x',
        quietStreams: 'x',
        seed: 'x',
      },
      headers: ['x'],
    });
    expect(complaints).toHaveLength(11);
  });

  test('about a refused server of the user come with those about its options', () => {
    const options = { name: 'express', bytes: '5', method: 'POST', sequence: 'id' };
    const complaints = complained({
      servers: ['koa'],
      command: ['sh', '-c', 'exit'],
      options: { url: 'ftp://x', ...options },
    });
    expect(complaints.map((complaint) => complaint.split(': ')[0])).toEqual([
      '--url ftp://x',
      '--name express',
      '--bytes 5',
    ]);
    const misspelled = { servers: ['localhost:3000/event'], options: { method: 'POST' } };
    expect(complained(misspelled)).toHaveLength(1);
  });
});

describe('requests', () => {
  const url = 'http://127.0.0.1:3000/event';

  test('go to URLs, and may leave the machine only with --allow-remote', () => {
    const [plain, remote] = [
      { method: 'POST' },
      { method: 'POST', allowRemote: true } as const,
    ].map(
      (options) => requested({ servers: [url], options, headers: ['A: 1'] }).serversUnderTest[0],
    );
    expect(plain).toMatchObject({
      request: { method: 'POST', headers: { a: '1' }, mayLeaveMachine: false },
    });
    expect(remote).toMatchObject({ request: { mayLeaveMachine: true } });
  });

  test('of reference servers take headers only', () => {
    const options = { method: 'POST', cookie: 'a=1', body: 's3cret', follow: true } as const;
    const why =
      'needs your own server, because it has no effect on reference servers; give the URL of your server, or leave it out';
    expect(complained({ servers: ['koa'], options, headers: ['A: 1'] })).toEqual(
      ['--method POST', '--body hidden', '--follow'].map((option) => `${option}: ${why}`),
    );
  });

  test('over TLS may end with a reset', () =>
    expect(
      requested({ servers: ['https://127.0.0.1/'], options: { disconnect: 'reset' } }).scenario,
    ).toMatchObject({ disconnect: 'reset' }));

  test('are complained about with everything else', () =>
    expect(
      complained({ servers: [url], options: { streams: '0', cookie: 'x', body: '{"a' } }),
    ).toHaveLength(3));
});
