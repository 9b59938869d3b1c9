/** From the words of `ssebench leaks` to what is to be checked, or to everything that is wrong with them. */
import {
  accepted,
  complaintsOf,
  refused,
  visible,
  type Checked,
  type Complain,
  type Mentions,
} from '../scenario/complaint.ts';
import { readHeaders } from '../scenario/headers.ts';
import { readValues, type OptionWords } from '../scenario/option.ts';
import { wordWithoutSecrets } from '../scenario/command-secrets.ts';
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import { readTargets } from '../scenario/servers-under-test.ts';
import { catalog } from '../../servers/catalog.ts';
import type { CheckOptions } from './check-options.ts';
import { leaveModes } from '../scenario/disconnect-modes.ts';
import { leaksOptions } from './options.ts';
import type { SubjectSpec } from './server-under-test.ts';

/** The words, as they were typed. */
export interface LeaksWords {
  servers: readonly string[];
  /** What stood behind `--`. */
  command: readonly string[];
  /** Whether the server runs in this very process. */
  here: boolean;
  options: OptionWords;
  headers: Mentions;
  trace: boolean;
  /** Whether to send the URL one request first. */
  probe: boolean;
}

export interface LeaksRequest {
  subjects: { name: string; spec: SubjectSpec }[];
  options: CheckOptions;
}

/** @returns the request, or all complaints, each naming the option, the value and the way out */
export function readLeaksRequest(words: LeaksWords): Checked<LeaksRequest> {
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  const values = readValues(leaksOptions, words.options, complain);
  const headers = readHeaders(words.headers);
  complaints.push(...complaintsOf(headers));
  const { url, pid } = values;
  const [file, ...args] = words.command;
  const isOwn =
    words.options.url !== undefined || words.options.pid !== undefined || file !== undefined;
  if (isOwn) checkOwn(words, complain);
  if (words.trace) checkTrace(words, complain);
  const targets = isOwn ? [] : readTargets(words.servers, null, complain);
  for (const { kind, name } of targets) {
    if (kind === 'url')
      complain(
        `${visible(name)}: a URL alone cannot be looked into; write --url ${name} with --pid N, or with -- and the command that starts it`,
      );
  }
  if (!headers.ok || complaints.length > 0) return refused(...complaints);

  const own = (): SubjectSpec => {
    if (words.here) return { kind: 'own', url: url! };
    if (file === undefined) return { kind: 'process', pid: pid!, url: url! };
    return {
      kind: 'command',
      command: [file, ...args],
      url: url!,
      readyWithinMs: values.readyWithin ?? 30_000,
    };
  };
  const subjects = targets.map(({ name }): LeaksRequest['subjects'][number] => {
    const { file: server, waitsForDrain } = catalog[name]!;
    return { name, spec: { kind: 'reference', file: server, waitsForDrain } };
  });
  return accepted({
    subjects: isOwn ? [{ name: urlWithoutSecrets(url!), spec: own() }] : subjects,
    options: {
      modes: values.modes ?? leaveModes.filter(({ usual }) => usual),
      streams: values.streams ?? 50,
      rounds: values.rounds ?? 1,
      events: values.events ?? 2,
      patienceMs: values.patience ?? 3_000,
      deadlineMs: values.deadline ?? 5_000,
      withinMs: values.within,
      maxLeakedPerDisconnect: values.maxLeakedPerDisconnect ?? 0,
      ignore: (words.options.ignore ?? []).filter((text) => typeof text === 'string'),
      trace: words.trace,
      asksFirst: words.probe,
      look: values.look,
      headers: headers.value,
      body: values.body === undefined ? {} : values.body,
    },
  });
}

/** The probe is there from the start of a process, or not at all. */
function checkTrace({ command, here, options }: LeaksWords, complain: Complain) {
  if (here || (options.pid !== undefined && command.length === 0))
    complain(
      '--trace: takes a server that is started with the probe; name its command, or leave --trace out',
    );
  if (options.look?.includes('outside'))
    complain('--trace: is a way to look into a server; leave it out, or --look outside');
}

/** A server of one's own is a URL, and either a command or a process. */
function checkOwn({ servers, command, here, options }: LeaksWords, complain: Complain) {
  for (const name of servers)
    complain(
      `${visible(wordWithoutSecrets(name, Object.hasOwn(catalog, name) || URL.canParse(name)))}: names are those of reference servers; leave it out where --url says what to check`,
    );
  if (options.url === undefined)
    complain(
      '--url is missing: where is the stream of that server? Such as --url http://127.0.0.1:3000/event',
    );
  if (options.pid !== undefined && command.length > 0)
    complain(
      '--pid names a process that runs already; leave it out, or leave out the command behind --',
    );
  if (options.pid === undefined && command.length === 0 && !here)
    complain('--url needs the server’s process: --pid N, or -- and the command that starts it');
}
