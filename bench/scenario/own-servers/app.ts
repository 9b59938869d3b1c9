/** A server of the user as a program gives it to `findLeaks` and `check`. */
import { visible, whyUnknown, type Complain } from '../complaint.ts';
import type { Duration } from '../duration.ts';
import type { UrlUnderTest } from '../scenario.ts';
import { ownServerInFile } from './read.ts';

/** A server that offers event streams: its URL, and the process that runs it. */
export interface App {
  /** URL of the stream, such as `http://127.0.0.1:3000/event`. */
  url: string;
  /**
   * Command that starts the server, such as `['node', 'dist/server.js']`. For `findLeaks` without
   * `command` and `pid`, the server runs in this process.
   */
  command?: readonly string[];
  /** The folder in which the command starts (default: the current folder). */
  cwd?: string;
  /** Variables added to the environment of the command. */
  env?: Readonly<Record<string, string>>;
  /** A text in the output of the command that reports that it is ready (default: it listens). */
  readyWhen?: string;
  /** Process id of the server, if it already runs. */
  pid?: number;
}

/** The server that a program gives: a text is its URL. A value of another type has no URL. */
export function appOf(given: unknown): App {
  if (typeof given === 'string') return { url: given };
  return (typeof given === 'object' && given !== null ? given : {}) as App;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isTexts = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((text) => typeof text === 'string');

/** The property → whether its value has the right type, and the requirement. */
const types: Readonly<
  Record<keyof App, readonly [fits: (value: unknown) => boolean, must: string]>
> = {
  url: [() => true, ''], // checked like the option of a command
  pid: [() => true, ''],
  command: [
    (value) => Array.isArray(value) && value.every((word) => typeof word === 'string'),
    `an array of strings, such as ['node', 'dist/server.js']`,
  ],
  cwd: [isText, `a folder, such as '../old'`],
  env: [isTexts, `names of variables and their texts, such as { PORT: '3000' }`],
  readyWhen: [isText, `a text, such as 'listening'`],
};

/** Repeats the checks of the compiler for programs that are not type-checked. */
export function whyNoApp(app: Partial<App>): string[] {
  return Object.entries(app).flatMap(([name, value]) => {
    if (!Object.hasOwn(types, name))
      return `${visible(name)}: ${whyUnknown('setting', name, Object.keys(types))}`;
    const [fits, must] = types[name as keyof App];
    return value === undefined || fits(value) ? [] : `${name}: must be ${must}`;
  });
}

/** @returns the server; `undefined` after a complaint */
export function appUnderTest(
  app: App,
  readyWithin: Duration | undefined,
  complain: Complain,
): UrlUnderTest | undefined {
  const wrong = whyNoApp(app);
  for (const complaint of wrong) complain(complaint);
  const right = Object.entries(app).filter(
    ([name, value]) => whyNoApp({ [name]: value }).length === 0,
  );
  const { command, ...others } = Object.fromEntries(right) as unknown as App;
  const server = {
    ...others,
    ...(command && command.length > 0 && { command: [...command] }),
    ...(readyWithin !== undefined && { readyWithin }),
    at: '',
  };
  const read = ownServerInFile(server, null, complain);
  return wrong.length === 0 ? read : undefined;
}
