/** The names of a run: its title, its folder, and the command that repeats it. */
import { join, resolve } from 'node:path';
import type { Mentions } from '../scenario/complaint.ts';
import { hasValue } from '../scenario/has-value.ts';
import { flagOf, type NamedOption } from '../scenario/option.ts';
import { runOptions } from '../scenario/options.ts';
import { baseOptions } from '../scenario/own-servers/base.ts';
import { ownServerOptions } from '../scenario/own-servers/options.ts';
import type { RunWords } from '../scenario/run-words.ts';
import { shownWords } from '../scenario/command-secrets.ts';
import { requestOptions } from '../scenario/request-words.ts';
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import { called } from './invocation.ts';

export function nameOf({ servers, options }: RunWords): string {
  const own = options.name?.at(-1) ?? options.url?.at(-1);
  const names = typeof own === 'string' ? [...servers, own] : servers;
  const name = names.length > 0 ? names.map(urlWithoutSecrets).join('-') : 'all';
  return name
    .replaceAll(/https?:\/\//g, '')
    .replaceAll(/[^a-zA-Z0-9.]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-|-$/g, '');
}

/** The folder of a result without `--out`. */
export function defaultFolder(words: RunWords, date: Date): string {
  const day = date.toISOString().slice(0, 10);
  const time = date.toISOString().slice(11, 19).replaceAll(':', '');
  return resolve(join('results', `${day}-${time}-${nameOf(words)}`));
}

/**
 * The command that repeats the run, with its seed and without secrets. The own servers of a config
 * file need that file.
 */
export function commandLine(
  { servers, command: [program, ...words] = [], ownServers = [], options, ...others }: RunWords,
  seed: number,
  { leakCheck, probe, config }: { leakCheck: boolean; probe: boolean; config: Mentions },
): string {
  const { headers, expect } = others;
  const given = Object.entries({ ...ownServerOptions, ...baseOptions, ...runOptions }).flatMap(
    ([name, option]: [string, NamedOption<unknown>]) => {
      const mentions = name === 'seed' ? [String(seed)] : (options[name] ?? []);
      return (option.many ? mentions : mentions.slice(-1)).flatMap((text) => {
        if (!hasValue(option)) return text === true || text === 'true' ? [flagOf(option)] : [];
        return typeof text === 'string' ? [flagOf(option), shownBy(option, text)] : [];
      });
    },
  );
  const requests = Object.entries(requestOptions).flatMap(([name, option]) =>
    (name === 'header' ? headers : (options[name] ?? [])).flatMap((text) =>
      text === true ? [flagOf(option)] : [flagOf(option), shownBy(option, text)],
    ),
  );
  const expected = expect.flatMap((text) => ['--expect', String(text)]);
  const file = ownServers.some(({ name }) => servers.includes(name)) ? config.at(-1) : undefined;
  return called(
    'run',
    [
      ...servers.map(urlWithoutSecrets),
      ...given,
      ...requests,
      ...expected,
      ...(leakCheck ? ['--leak-check'] : []),
      ...(probe ? [] : ['--no-probe']),
      ...(options.allowRemote ? ['--allow-remote'] : []),
      ...(typeof file === 'string' ? ['--config', file] : []),
      ...(program === undefined ? [] : ['--', ...shownWords([program, ...words])]),
    ]
      .map(quoted)
      .join(' '),
  );
}

const shownBy = ({ shown = urlWithoutSecrets }: NamedOption<unknown>, text: string): string =>
  shown(text);

/** Quotes a word for a shell. */
function quoted(text: string): string {
  return /^([\w@%+=:,./-]+|…)$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
