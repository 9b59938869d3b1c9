/**
 * The package as a user gets it: built, packed, and installed into a separate project, on the
 * oldest supported Node.
 */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../bench/result/exit-codes.ts';
import { runResultSchema } from '../bench/result/run-result.ts';
import { atTerminal } from '../bench/tests/fixtures/helpers/at-terminal.ts';
import { startCommandProcess } from '../bench/tests/fixtures/helpers/command-process.ts';
import {
  createCommandFolder,
  type CommandFolder,
} from '../bench/tests/fixtures/helpers/doc-command-folder.ts';
import {
  commandsIn,
  npmCommands,
  onlyParsed,
  ssebenchWords,
} from '../bench/tests/fixtures/helpers/doc-commands.ts';
import { programsInDocs } from '../bench/tests/fixtures/helpers/doc-programs.ts';
import { freePort } from '../bench/tests/fixtures/helpers/free-port.ts';
import { registryWith } from '../bench/tests/fixtures/helpers/registry.ts';
import { forPackage } from './package-docs.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const oldestNode = `${/\d+\.\d+/.exec(manifest.engines.node)![0]}.0`;
const nodePackage = Object.keys(manifest.optionalDependencies).find((name) =>
  name.endsWith(`-${process.platform}-${process.arch}`),
);

const jestVersion = '30.5.2';
const linux = process.platform === 'linux';

let project = '';
/** A project with nothing but ssebench. */
let empty = '';
const tarball = (name = 'ssebench') => join(project, `${name}-${manifest.version}.tgz`);
const installed = (...path: string[]) => join(project, 'node_modules', 'ssebench', ...path);

/**
 * Runs a command in a folder. npm itself runs on the Node of this test, whatever version the
 * machine has.
 */
function run(cwd: string, command: string, ...args: string[]) {
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
  };
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) =>
    execFile(command, args, { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    ),
  );
}
/**
 * Starts what `npx` would start, on the Node of the folder, without the 0.5 s that npm itself
 * takes.
 */
function installedIn(folder: string, command: string, ...args: string[]) {
  const bin = join(folder, 'node_modules/.bin');
  return run(folder, 'env', `PATH=${bin}${delimiter}${process.env.PATH}`, command, ...args);
}
const ssebench = (...args: string[]) => installedIn(project, 'ssebench', ...args);
/** A step that every test depends on. */
async function must(cwd: string, ...[command, ...args]: string[]) {
  const { code, stdout, stderr } = await run(cwd, command!, ...args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
}

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'ssebench-'));
  empty = mkdtempSync(join(tmpdir(), 'ssebench-'));
  mkdirSync(join(project, 'src'));
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(join(empty, 'package.json'), '{ "private": true }');
  const git = ['git', '-c', 'user.name=a stranger', '-c', 'user.email='];
  const packages = ['./dist/ssebench', './dist/ssebench-servers'];
  const packed = must(root, 'npm', 'run', 'build').then(() =>
    must(root, 'npm', 'pack', ...packages, '--pack-destination', project),
  );
  // As for a real user, the project has its own packages before ours are installed.
  const prepared = must(project, 'git', 'init', '--quiet')
    .then(() => must(project, ...git, 'commit', '--quiet', '--allow-empty', '-m', 'theirs'))
    .then(() =>
      install(
        project,
        `vitest@${manifest.devDependencies.vitest}`,
        `jest@${jestVersion}`,
        `@types/node@${manifest.devDependencies['@types/node']}`,
        `${nodePackage}@${oldestNode}`,
      ),
    );
  await Promise.all([
    packed.then(() => install(empty, tarball())),
    Promise.all([packed, prepared]).then(() =>
      install(project, tarball(), tarball('ssebench-servers')),
    ),
  ]);
}, 300_000);

const install = (folder: string, ...packages: string[]) =>
  must(
    folder,
    'npm',
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--save-dev',
    ...packages,
  );
afterAll(() => [project, empty].forEach((folder) => rmSync(folder, { recursive: true })));

/**
 * Checks all programs of a folder at once, because the compiler spends most of its time on the
 * types that they import.
 *
 * @param programs file name → text
 * @returns file name → complaints of the compiler
 */
async function typeCheck(
  folder: string,
  programs: Readonly<Record<string, string>>,
  ...others: string[]
): Promise<Record<string, string[]>> {
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text);
  const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', ...others];
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const names = Object.keys(programs);
  const { code, stdout, stderr } = await run(
    folder,
    process.execPath,
    compiler,
    ...strict,
    ...names,
  );
  const complaints = stdout.split('\n').filter((line) => /^\S/.test(line));
  const among = (name: string) => complaints.filter((line) => line.startsWith(`${name}(`));
  const found = Object.fromEntries(names.map((name) => [name, among(name)]));
  // There are no complaints about other files.
  expect({ stderr, failed: code !== 0, complaints: Object.values(found).flat().length }).toEqual({
    stderr: '',
    failed: complaints.length > 0,
    complaints: complaints.length,
  });
  return found;
}

const files = () =>
  readdirSync(installed(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(installed(), join(parentPath, name)))
    .filter((file) => !file.startsWith('node_modules'));

test('the package contains code, types and documentation, and nothing else', () => {
  const docs = globSync('docs/**/*.md', { cwd: root }).toSorted();
  expect(
    files()
      .filter((file) => !/^bench\/.*(\.js|\.d\.ts)$/.test(file))
      .toSorted(),
  ).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'bench/config.schema.json',
    'bench/inspector/open-inspector.cjs',
    'bench/inspector/probe/creators.cjs',
    'bench/inspector/probe/probe.cjs',
    'bench/inspector/probe/stacks.cjs',
    'bench/report/page/libraries/@observablehq/plot/LICENSE',
    'bench/report/page/libraries/d3/LICENSE',
    'bench/report/page/style.css',
    ...docs,
    'package.json',
    'results/README.md',
    'servers/README.md',
    'servers/catalog.d.ts',
    'servers/catalog.js',
  ]);
  expect(files().filter((file) => /\.test\.|fixtures|faulty|servers\/clean/.test(file))).toEqual(
    [],
  );
});

test('the package of the reference servers contains them and the list, and nothing else', () => {
  const list = globSync('servers/*.ts', { cwd: root })
    .map((file) => basename(file, '.ts'))
    .filter((name) => !name.endsWith('.test'));
  expect(readdirSync(join(installed(), '../ssebench-servers')).toSorted()).toEqual(
    [
      'LICENSE',
      'README.md',
      'llm',
      'package.json',
      'page.html',
      ...list.flatMap((name) => [`${name}.js`, `${name}.d.ts`]),
    ].toSorted(),
  );
});

test('an installation in an empty project is smaller than 15 MB', () => {
  const entries = readdirSync(join(empty, 'node_modules'), {
    recursive: true,
    withFileTypes: true,
  });
  const bytes = entries
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  expect(bytes).toBeLessThan(15_000_000);
});

test('an installation has no framework, no chart library and no install script', () => {
  const packages = Object.entries(readLock(empty));
  const names = packages.map(([path]) => path.replace(/^.*node_modules\//, ''));
  const { dependencies } = JSON.parse(readFileSync(join(root, 'servers/package.json'), 'utf8'));
  const unwanted = new Set([...Object.keys(dependencies), '@observablehq/plot', 'd3', 'vitest']);
  expect(names).toContain('undici');
  expect(names.filter((name) => unwanted.has(name))).toEqual([]);
  expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
});

const readLock = (
  folder: string,
): Record<string, { hasInstallScript?: boolean; version: string }> =>
  JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')).packages;

/** Long enough for all streams to open, also on a busy machine. */
const smallLoad =
  '--streams 20 --interval 50ms --duration 1s --ramp 100ms --warmup 1s --rounds 1'.split(' ');

describe.runIf(linux)('a reference server without its package', () => {
  const isInstalled = () => existsSync(join(empty, 'node_modules/ssebench-servers'));
  const command = `npm install --save-dev ssebench-servers@${manifest.version}`;
  const installedCommand = () => join(empty, 'node_modules/.bin/ssebench');

  test('the command to install it is in the complaint if nobody can answer', async () => {
    expect(await run(empty, installedCommand(), 'run', 'floor')).toEqual({
      code: exitCodes.badInput,
      stdout: '',
      stderr: `Error: invalid input; nothing was started:\n  floor: reference servers need the package ssebench-servers, which is not installed; run ${command}\n`,
    });
    expect(isInstalled()).toBe(false);
  });

  test('npm installs it after a yes on a terminal, and only then', async () => {
    const registry = await registryWith(
      'ssebench-servers',
      manifest.version,
      readFileSync(tarball('ssebench-servers')),
    );
    const environment = {
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      npm_config_registry: registry.url,
    };
    const words = ['run', 'floor', ...smallLoad, '--out', 'mine'];
    try {
      const no = atTerminal(empty, words, environment, [installedCommand()]);
      await no.shows(/Run this command now\? \[y\/N\] $/);
      expect(no.screen()).toContain(`  ${command}\r\n`);
      no.answer('n');
      expect(await no.ended).toBe(exitCodes.badInput);
      expect(isInstalled()).toBe(false);

      const yes = atTerminal(empty, words, environment, [installedCommand()]);
      await yes.shows(/Run this command now\? \[y\/N\] $/);
      yes.answer('y');
      expect({ code: await yes.ended, screen: yes.screen() }).toEqual({
        code: expect.toBeOneOf([exitCodes.success, exitCodes.invalid]),
        screen: expect.stringContaining('floor'),
      });
      expect(isInstalled()).toBe(true);
      const text = readFileSync(join(empty, 'mine/result.json'), 'utf8');
      expect(runResultSchema.parse(JSON.parse(text)).rounds).toMatchObject([{ state: 'measured' }]);
    } finally {
      registry.close();
    }
  });
});

test('the lock file of the repository names no registry', () => {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  expect(lock.match(/"resolved": "(?!servers")[^"]*"/g)).toBeNull();
  expect(JSON.parse(lock).packages['node_modules/ssebench-servers']).toEqual({
    resolved: 'servers',
    link: true,
  });
});

/** The anchor of a heading, as code hosts and npm generate it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

test('the package contains every file and anchor its pages link to', () => {
  const pages = files().filter((file) => file.endsWith('.md'));
  const textOf = (page: string) => readFileSync(installed(page), 'utf8');
  const targets = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)]*)\)|(?:src|href)="([^"]*)"/g)].map(
      ([, target, attribute]) => ({ page, target: (target ?? attribute)! }),
    ),
  );
  const own = targets.filter(({ target }) => !/^https:\/\/[\w.-]+\.\w+\//.test(target));
  expect(own.length).toBeGreaterThan(20);
  const dead = own.filter(({ page, target }) => {
    const [path, anchor] = target.split('#') as [string, string?];
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(installed(file))) return true;
    return (
      anchor !== undefined &&
      ![...textOf(file).matchAll(/^#+ (.*)$/gm)].some(
        ([, heading]) => anchorOf(heading!) === anchor,
      )
    );
  });
  expect(dead).toEqual([]);
});

describe('another version of Node', () => {
  const unsupported = ['20.19.0', '22.12.0', '23.11.0'];
  // Other tests use the oldest version, and the one of the repository.
  const supported = '24.0.0';
  let folder = '';
  /** npx starts the link to our command. Its first line selects the first Node in PATH. */
  const startedWith = (version: string, ...args: string[]) =>
    run(
      project,
      'env',
      `PATH=${join(folder, 'node_modules', `node-${version}`, 'bin')}${delimiter}${process.env.PATH}`,
      join(project, 'node_modules/.bin/ssebench'),
      ...args,
    );
  beforeAll(async () => {
    folder = join(project, 'old');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const nodes = [...unsupported, supported].map(
      (version) => `node-${version}@npm:${nodePackage}@${version}`,
    );
    await install(folder, '--no-bin-links', ...nodes);
  });

  test.concurrent.each(unsupported)(
    '%s is refused with one sentence and exit code 2',
    async (version) => {
      expect(await startedWith(version, 'run', '--help')).toEqual({
        code: exitCodes.badInput,
        stdout: '',
        stderr: `ssebench needs Node ${manifest.engines.node}, and this is ${version}; install a newer Node, from https://nodejs.org or with your version manager, and run it again.\n`,
      });
    },
  );

  test(`${supported} measures a server`, async () => {
    const words = ['run', 'floor', ...smallLoad, '--out', `node-${supported}`];
    const { code, stderr } = await startedWith(supported, ...words);
    expect({ code, stderr }).toEqual({
      code: expect.toBeOneOf([exitCodes.success, exitCodes.invalid]),
      stderr: expect.any(String),
    });
    const text = readFileSync(join(project, `node-${supported}/result.json`), 'utf8');
    expect(runResultSchema.parse(JSON.parse(text))).toMatchObject({
      environment: { node: `v${supported}` },
      rounds: [{ state: 'measured' }],
    });
  });
});

test('the package depends on no Node and no development packages', () => {
  const published = JSON.parse(readFileSync(installed('package.json'), 'utf8'));
  const { name, version, license, engines, dependencies } = manifest;
  expect(published).toMatchObject({ name, version, license, engines, dependencies });
  expect(Object.keys(published)).not.toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^(optional|dev)Dependencies$|^scripts$|^private$/),
    ]),
  );
  expect(
    Object.keys(published.dependencies).filter((dependency) => dependency.startsWith('node-')),
  ).toEqual([]);
});

test.each(['ssebench', 'ssebench-servers'])('publint has no complaint about %s', async (name) => {
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(readFileSync(tarball(name))).buffer },
  });
  expect({ messages, name: pkg.name }).toEqual({ messages: [], name });
});

test('npx starts the installed command, and --version prints the version', async () => {
  expect(await run(project, 'npx', '--no', '--', 'ssebench', '--version')).toEqual({
    code: 0,
    stdout: `${manifest.version}\n`,
    stderr: '',
  });
});

test('the help shows the command with npx', async () => {
  expect((await ssebench('run', '--help')).stdout).toMatch(
    /^ {2}npx ssebench run express fastify --rounds 6 /m,
  );
});

test('the installed command measures a server, and records all versions', async () => {
  const { code, stderr } = await ssebench('run', 'floor', 'h3', ...smallLoad, '--out', 'mine');
  // On a busy machine the figures may be invalid.
  expect({ code, stderr }).toEqual({
    code: expect.toBeOneOf([exitCodes.success, exitCodes.invalid]),
    stderr: expect.any(String),
  });
  const result = runResultSchema.parse(
    JSON.parse(readFileSync(join(project, 'mine', 'result.json'), 'utf8')),
  );
  expect(result.rounds.map(({ state }) => state)).toEqual(['measured', 'measured']);
  expect(readFileSync(join(project, 'mine', 'report.html'), 'utf8')).toContain('<h2>Figures</h2>');
  const { undici } = manifest.dependencies;
  const { h3 } = JSON.parse(readFileSync(join(root, 'servers/package.json'), 'utf8')).dependencies;
  const srvx = expect.stringMatching(/^\d/); // a dependency of h3
  expect(result.command).toMatch(/^npx ssebench run floor h3 --streams 20 /);
  expect(result.environment).toMatchObject({
    ssebench: manifest.version,
    commit: null,
    node: `v${oldestNode}`,
    packages: { undici, h3, srvx },
  });
});

test.runIf(linux)('the installed command checks for leaks, with the probe', async () => {
  const checked = await ssebench('leaks', 'floor', '--modes', 'close', '--streams', '5', '--trace');
  expect(checked).toEqual({
    code: exitCodes.success,
    stdout: expect.stringContaining('floor'),
    stderr: expect.any(String),
  });
});

const examples = programsInDocs(root);
const exampleWith = (text: string) => examples.find((code) => code.includes(text))!;
const example = () => exampleWith('ssebench/vitest');

/**
 * One disconnect mode, few clients and little time. Another test runs the example of the docs with
 * its own settings.
 */
const quick = (text: string) =>
  text.replace(
    'toReleaseStreams()',
    "toReleaseStreams({ modes: ['close'], streams: 10, deadline: '500ms' })",
  );
/** A longer time limit, for checks that share the machine with other tests. */
const patient = (text: string) => {
  expect(text).toContain('60_000');
  return text.replace('60_000', '300_000');
};
const leaky = quick(example()).replace(/ *res\.on\('close'.*\n/, '');
const leakyLine = leaky.split('\n').findIndex((text) => text.includes('setInterval(')) + 1;

/** Runs test files, each with its text, with the Vitest of a project. */
async function runTests(folder: string, tests: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(tests)) writeFileSync(join(folder, name), text);
  const { code, stdout, stderr } = await installedIn(
    folder,
    'vitest',
    'run',
    ...Object.keys(tests),
  );
  return { code, output: stdout + stderr };
}

// Checks mostly wait, so those of all versions of Vitest run at the same time.
const concurrent = { timeout: 300_000, concurrent: true };

describe.runIf(linux)('the test in the docs', concurrent, () => {
  test('the test passes', async () => {
    expect(await runTests(project, { 'clean.test.ts': patient(example()) })).toEqual({
      code: 0,
      output: expect.stringContaining('1 passed'),
    });
  });

  test('the test fails without its cleanup, and names the leaking line', async () => {
    expect(await runTests(project, { 'leaky.test.ts': patient(leaky) })).toEqual({
      code: 1,
      output: expect.stringMatching(
        `graceful close: 1\\.00 timers per disconnect \\((\\d+) after \\1 disconnects\\): setInterval 100 ms at leaky\\.test\\.ts:${leakyLine}, not released`,
      ),
    });
  });

  test('all programs in the docs pass strict type checks', async () => {
    const programs = Object.fromEntries(examples.map((code, n) => [`example-${n}.ts`, code]));
    expect(examples.length).toBeGreaterThan(5);
    // Vitest's own types do not pass all strict checks. Jest has its test function without import.
    writeFileSync(
      join(project, 'src/jest.d.ts'),
      'declare function test(name: string, run: () => Promise<void>, ms: number): void;',
    );
    const options = ['--skipLibCheck', '--types', 'node', 'jest.d.ts'];
    expect(await typeCheck(join(project, 'src'), programs, ...options)).toEqual(
      Object.fromEntries(Object.keys(programs).map((name) => [name, []])),
    );
  });
});

const pagesIn = (folder: string, readme: string) =>
  [readme, ...globSync('docs/**/*.md', { cwd: folder }).toSorted()].map((page) =>
    readFileSync(join(folder, page), 'utf8'),
  );
const commands = commandsIn(pagesIn(root, 'PACKAGE.md').map(forPackage));
const commandLines = commands.flatMap((command) => {
  const words = ssebenchWords(command);
  return words === undefined ? [] : [{ shown: words.join(' '), words }];
});
const isRun = ({ shown }: { shown: string }) => !onlyParsed.some(([those]) => those.test(shown));
const measuring = commandLines.filter((line) => isRun(line) && /http:/.test(line.shown));

/** Options that make a command of the docs take little time. */
const quickly: Readonly<Record<string, string>> = {
  run: '--streams 3 --duration 1s --ramp 20ms --warmup 1s --rounds 1',
  check: '--watch 5s',
  leaks: '--streams 5 --modes close --deadline 500ms',
};
/** On a busy machine, something may not be judged. */
const fine = [exitCodes.success, exitCodes.invalid];

describe.runIf(linux)('the commands in the docs', concurrent, () => {
  let parent = '';
  let place: CommandFolder;
  const environment = { TOKEN: 'abc' };
  beforeAll(async () => {
    parent = mkdtempSync(join(tmpdir(), 'ssebench-'));
    place = await createCommandFolder(parent);
  });
  afterAll(async () => {
    await place.end();
    rmSync(parent, { recursive: true });
  });
  const withOptions = (words: readonly string[], ...more: string[]) => {
    const end = words.indexOf('--');
    return end < 0 ? [...words, ...more] : words.toSpliced(end, 0, ...more);
  };

  test('the pages of the package have the same commands as those of the repository', () => {
    expect(commandsIn(pagesIn(installed(), 'README.md'))).toEqual(commands);
  });

  test('every reason not to run a command is used, and every command of npm is known', () => {
    const unused = onlyParsed.filter(([those]) => !commandLines.some((l) => those.test(l.shown)));
    expect(unused).toEqual([]);
    expect(commands.filter((command) => ssebenchWords(command) === undefined).toSorted()).toEqual(
      Object.keys(npmCommands).toSorted(),
    );
  });

  test('the command line accepts all of them, and runs those that measure nothing', async () => {
    const command = startCommandProcess(process.env, 4096, installed('bench/cli.js'));
    const ended = (words: string[]) => command.run({ words, folder: place.folder, environment });
    const unknown = '--such-as-no-option';
    /** All complaints come at once, so with this option nothing starts, and they are the others. */
    async function complaintsOf(words: string[]) {
      const { stderr } = await ended(withOptions(words, unknown));
      return stderr.split('\n').filter((line) => line.startsWith('  ') && !line.includes(unknown));
    }
    try {
      const free = await freePort();
      const given = commandLines.map(({ shown, words }) => ({
        shown,
        // The saved result of the test comes from another machine.
        words: [
          ...place.adapted(words, free),
          ...(shown.includes('--baseline') ? ['--anyway'] : []),
        ],
      }));
      const refused: [shown: string, complaints: string[]][] = [];
      for (const { shown, words } of given) refused.push([shown, await complaintsOf(words)]);
      expect(refused.filter(([, complaints]) => complaints.length > 0)).toEqual([]);
      expect(await complaintsOf(['leaks', 'express', '--modes', 'clsoe'])).toHaveLength(1);

      const codes: [shown: string, code: number][] = [];
      for (const { shown, words } of given.filter(isRun))
        if (!shown.includes('http:')) codes.push([shown, (await ended(words)).code]);
      expect(codes.filter(([, code]) => !fine.includes(code as never))).toEqual([]);
    } finally {
      await command.end();
    }
  });

  test.each(measuring)('$shown', async ({ words }) => {
    const port = await freePort();
    const given = place.adapted(words, port);
    const out = given[0] === 'run' ? ['--out', `results/${port}`] : [];
    const short = withOptions(given, ...quickly[given[0]!]!.split(' '), ...out);
    const bin = installed('bench/bin.js');
    const env = ['env', `PORT=${port}`, 'TOKEN=abc', 'node', bin] as const;
    const { code, stdout, stderr } = await run(place.folder, ...env, ...short);
    expect({ code, stdout, stderr }).toEqual({
      code: expect.toBeOneOf(fine),
      stdout: expect.stringContaining('127.0.0.1'),
      stderr: expect.any(String),
    });
  });
});

const serverText = (port: number, onClose: string) => `
  import { createServer } from 'node:http';
  createServer((req, res) => {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    const timer = setInterval(() => res.write('data: tick\\n\\n'), 100);
    ${onClose}
  }).listen(${port}, '127.0.0.1');`;

describe.runIf(linux).each([
  {
    runner: 'node:test',
    text: exampleWith('node:test'),
    command: ['node', '--test', '--test-concurrency=2'],
    found: [/^# pass 1$|ℹ pass 1$/m, /^# fail 1$|ℹ fail 1$/m],
  },
  {
    runner: 'Jest',
    text: exampleWith('throw new Error(describeLeaks(verdict))'),
    command: ['env', 'NODE_OPTIONS=--experimental-vm-modules', 'jest', '--runInBand'],
    found: [/PASS .*clean/, /Tests: +1 failed, 1 passed, 2 total/],
  },
])('the test in the docs with $runner', concurrent, ({ runner, text, command, found }) => {
  test('the test passes, and fails if the server leaks', async () => {
    const folder = join(project, runner.replace(':', '-'));
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const cleanUp = "res.on('close', () => clearInterval(timer));";
    for (const [name, onClose] of [
      ['clean', cleanUp],
      ['leaky', ''],
    ] as const) {
      const port = await freePort();
      writeFileSync(join(folder, `dist/${name}.js`), serverText(port, onClose));
      const its = text
        .replace('127.0.0.1:3000', `127.0.0.1:${port}`)
        .replace('dist/server.js', `dist/${name}.js`)
        .replace('command }', "command }, { modes: ['close'], streams: 10, deadline: '500ms' }");
      writeFileSync(join(folder, `${name}.test.js`), its.replace('60_000', '300_000'));
    }
    const tests = ['clean.test.js', 'leaky.test.js'];
    const bin = join(project, 'node_modules/.bin');
    const path = `PATH=${bin}${delimiter}${process.env.PATH}`;
    const { code, stdout, stderr } = await run(folder, 'env', path, ...command, ...tests);
    expect({ code, output: stdout + stderr }).toEqual({
      code: 1,
      output: expect.stringMatching(/setInterval 100 ms at dist\/leaky\.js:5/),
    });
    for (const line of found) expect(stdout + stderr).toMatch(line);
  });
});

const older = ['3.0.0', '4.1.12'];
describe.runIf(linux)('an older Vitest', concurrent, () => {
  const projects = new Map<string, string>();
  beforeAll(async () => {
    await Promise.all(
      older.map(async (version) => {
        const theirs = mkdtempSync(join(tmpdir(), 'ssebench-'));
        projects.set(version, theirs);
        // The same project with another version of Vitest. The copy shares files with hard links:
        // npm replaces some of them, and writes in place to others, so those are copied.
        const packages = [tarball(), tarball('ssebench-servers')];
        await must(theirs, 'cp', '-al', join(project, 'node_modules'), ...packages, '.');
        for (const file of [
          'package.json',
          'package-lock.json',
          'node_modules/.package-lock.json',
        ]) {
          rmSync(join(theirs, file), { force: true });
          copyFileSync(join(project, file), join(theirs, file));
        }
        await install(theirs, `vitest@${version}`);
      }),
    );
  });
  afterAll(() => {
    for (const theirs of projects.values()) rmSync(theirs, { recursive: true });
  });

  describe.each(older)('version %s with the test in the docs', (version) => {
    test('the test passes, and fails if the server leaks', async () => {
      const tests = {
        'clean.test.ts': patient(quick(example())),
        'leaky.test.ts': patient(leaky),
      };
      const { code, output } = await runTests(projects.get(version)!, tests);
      expect(code).toBe(1);
      expect(output).toContain(`v${version}`);
      expect(output).toMatch(/Tests .*1 failed.*1 passed/);
      expect(output).toMatch(/✓.*clean\.test\.ts/);
      expect(output).toContain(`setInterval 100 ms at leaky.test.ts:${leakyLine}, not released`);
    });

    test('the types are strict, and refuse unknown options', async () => {
      const programs = {
        'example.ts': example(),
        'quick.ts': quick(example()),
        'option.ts': example().replace('toReleaseStreams()', 'toReleaseStreams({ mode: 1 })'),
        'matcher.ts': example().replace('toReleaseStreams()', 'toReleaseStream()'),
      };
      expect(
        await typeCheck(projects.get(version)!, programs, '--skipLibCheck', '--types', 'node'),
      ).toEqual({
        'example.ts': [],
        'quick.ts': [],
        'option.ts': [expect.stringMatching(/'mode' does not exist/)],
        'matcher.ts': [expect.stringMatching(/'toReleaseStream' does not exist/)],
      });
    });
  });
});

test('the program in the docs that reads a result prints its figures', async () => {
  const code = exampleWith('runResultSchema');
  const [file, path] = ['read-result.ts', 'results/reference/result.json'];
  expect(code).toContain(path);
  writeFileSync(join(project, file), code.replace(path, 'mine/result.json'));
  expect(await installedIn(project, 'node', file)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^(\d+(\.\d+)?\n){2}$/),
  });
});

describe('the config file in the docs', () => {
  test('the file with two builds is read', async () => {
    const builds = join(project, 'builds/new');
    for (const folder of [builds, join(project, 'builds/old')]) {
      mkdirSync(join(folder, 'dist'), { recursive: true });
      writeFileSync(join(folder, 'dist/server.js'), '');
    }
    writeFileSync(join(builds, 'ssebench.config.ts'), exampleWith("name: 'old'"));
    const bin = join(project, 'node_modules/.bin/ssebench');
    const path = `PATH=${dirname(bin)}${delimiter}${process.env.PATH}`;
    expect(await run(builds, 'env', path, bin, 'run', '--plan')).toEqual({
      code: 0,
      stdout: expect.stringContaining(
        'Server old: started for each round with: node dist/server.js; in ../old;',
      ),
      stderr: '',
    });
  });

  test('the file is read, and options on the command line override it', async () => {
    writeFileSync(
      join(project, 'ssebench.config.ts'),
      exampleWith("servers: ['express', 'fastify']"),
    );
    try {
      const { code, stdout, stderr } = await ssebench('run', '--plan', '--rounds', '2');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      for (const line of [
        'Config file: ssebench.config.ts',
        'Compared with: express',
        'Expected: delivery.p99 < 50ms',
        'Expected: missing = 0',
      ])
        expect(stdout).toContain(`${line}\n`);
      expect(stdout).toMatch(
        /; 2 rounds in shuffled order; .*\n(.*\n)*Rounds:\n  1: (express, fastify|fastify, express)\n  2: \S+, \S+\nCompared/,
      );
    } finally {
      rmSync(join(project, 'ssebench.config.ts'));
    }
  });

  test('the types are strict, and refuse unknown and wrong settings', async () => {
    const config = exampleWith("servers: ['express', 'fastify']");
    const programs = {
      'config.ts': config,
      'option.ts': config.replace('rounds: 6', "round: '6'"),
      'value.ts': config.replace('rounds: 6', "rounds: '6'"),
    };
    expect(await typeCheck(join(project, 'src'), programs, '--types', 'node')).toEqual({
      'config.ts': [],
      'option.ts': [expect.stringMatching(/'round' does not exist/)],
      'value.ts': [expect.stringMatching(/'string' is not assignable to type 'number'/)],
    });
  });
});

test('the API can be imported, and its types are strict', async () => {
  const program = `
    import { runResultSchema, type RunResult } from 'ssebench';
    const read = (text: string): RunResult => runResultSchema.parse(JSON.parse(text));
    export const servers: string[] = read('{}').servers;
    // @ts-expect-error: this is not a number
    export const count: number = read('{}').servers;
  `;
  expect(
    await typeCheck(
      join(project, 'src'),
      { 'program.ts': program },
      '--skipLibCheck',
      'false',
      '--types',
      '',
    ),
  ).toEqual({ 'program.ts': [] });
  const imported = await installedIn(
    project,
    'node',
    '--eval',
    "import('ssebench').then((exported) => console.log(Object.keys(exported)))",
  );
  expect(imported).toMatchObject({ code: 0, stdout: expect.stringContaining('runResultSchema') });
});
