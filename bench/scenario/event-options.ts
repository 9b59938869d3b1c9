/** The values that ssebench reads from the events of a URL, and their places. */
import { z } from 'zod';
import { accepted, refused, visible, type Complain } from './complaint.ts';
import { whyNoJmespath } from './jmespath.ts';
import { oneOf, yesNo, type ConfigurableOption, type OptionWords } from './option.ts';
import { textWithoutSecrets } from './secrets.ts';

/**
 * How a server numbers its events: each stream has its own counter, or all streams see the same
 * numbers from the moment they join.
 */
export const numberings = ['stream', 'feed'] as const;
export type Numbering = (typeof numberings)[number];

export const eventOptionsSchema = z.object({
  /** Where the number of an event is: a JMESPath, or `id` or `event`; `null` for nowhere. */
  sequence: z.string().nullable(),
  /** Where the time is at which the server sent the event. */
  stamp: z.string().nullable(),
  /** `null` if ssebench decides it by the numbers. */
  sequenceOf: z.enum(numberings).nullable(),
  /** Whether each event name has its own figures. */
  byEvent: z.boolean(),
});
export type EventOptions = z.infer<typeof eventOptionsSchema>;

/** Nothing is read. */
export const noEventOptions: EventOptions = {
  sequence: null,
  stamp: null,
  sequenceOf: null,
  byEvent: false,
};

/** Fields of an event that need no JSON: its id, and its name. */
export const eventFields = ['id', 'event'] as const;

/** @returns why a path is invalid, and what to do; `undefined` if it is valid */
const whyNoPath = (text: string): string | undefined =>
  eventFields.some((field) => field === text) ? undefined : whyNoJmespath(text, 'meta.seq');

/** A path into the data of an event. */
function path(
  example: string,
): Pick<ConfigurableOption<string>, 'check' | 'mustInFile' | 'schema' | 'shown'> {
  const what = 'a JMESPath into the JSON data of an event, or id or event';
  return {
    mustInFile: `${what}, such as "${example}"`,
    shown: textWithoutSecrets,
    schema: z.string().refine((text) => whyNoPath(text) === undefined),
    check(value, suchAs) {
      if (typeof value !== 'string' || value.trim() === '')
        return refused(`must be ${what}, ${suchAs(example)}`);
      const reason = whyNoPath(value);
      return reason === undefined ? accepted(value) : refused(reason);
    },
  };
}

export const eventOptions = {
  sequence: {
    flags: '--sequence [path]',
    about: 'the number of an event: a JMESPath into its JSON data, or id or event',
    ...path('meta.seq'),
  },
  sequenceOf: {
    flags: '--sequence-of [which]',
    about: 'stream: own numbers; feed: the same for all (default: detected)',
    ...oneOf(numberings),
  },
  stamp: {
    flags: '--stamp [path]',
    about: 'the time at which the server sent an event: a path as for --sequence',
    ...path('meta.sentAt'),
  },
  byEvent: {
    flags: '--by-event',
    about: 'also show rate, gap and delivery of each event name',
    ...yesNo(),
  },
} satisfies Readonly<Record<string, ConfigurableOption<unknown>>>;

/** A server of the user, with the values in its events that only it has. */
interface WithEvents {
  name: string;
  events?: Partial<EventOptions>;
}

/**
 * Complains about options that need another option, or another server. Beside URLs, reference servers
 * may be measured with their own counter.
 */
export function checkEventOptions(
  values: Partial<EventOptions>,
  words: OptionWords,
  urls: readonly WithEvents[],
  hasOwnServer: boolean,
  complain: Complain,
): void {
  const isForAll = words.sequence !== undefined;
  const hasSequence = isForAll || urls.some(({ events }) => events?.sequence !== undefined);
  if (values.sequenceOf !== undefined && !hasSequence)
    complain(
      `--sequence-of ${values.sequenceOf}: has no effect without --sequence; give the path of the number, such as --sequence meta.seq`,
    );
  for (const { name, events: { sequence, sequenceOf } = {} } of urls)
    if (sequenceOf !== undefined && sequence === undefined && !isForAll)
      complain(
        `sequenceOf ${sequenceOf} of ${visible(name)}: has no effect without a sequence; give the path of the number, such as sequence: "meta.seq"`,
      );
  if (hasOwnServer) return;
  for (const name of ['sequence', 'stamp'] as const)
    if (values[name] !== undefined)
      complain(
        `${eventOptions[name].flags.split(' ')[0]} ${values[name]}: reference servers have a counter and stamps of their own, which ssebench reads; name a URL, or leave it out`,
      );
}
