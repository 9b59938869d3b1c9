/** Findings about the data of events, if the user named the places of values in it. */
import { z } from 'zod';
import { numberings } from '../scenario/event-options.ts';

const count = z.int().nonnegative();

/** The events with and without a value at a path, and the data of an event without one. */
const pathSchema = z.object({
  found: count,
  absent: count,
  /** Names and types, but no values, which may be secret; empty if every event has a value. */
  example: z.string(),
});

const stampSchema = z.object({
  ...pathSchema.shape,
  /** Values that no unit turns into a time within one hour of our clock. */
  foreign: count,
  /** Whether the server runs on another machine, so that its stamps are not compared. */
  isElsewhere: z.boolean(),
  /** The clock of the stamps: time since the machine started, or Unix time. */
  clock: z.enum(['monotonic', 'wall']).nullable(),
  /** The step between two stamps, in nanoseconds. */
  resolutionNs: z.number(),
  /** By how much the wall clock of this machine was set during the round. */
  wallClockStepNs: z.number(),
});

/** A step between two stamps shows in delivery if it is at least this long, in nanoseconds. */
export const coarseStampNs = 1e5;

export const eventDataSchema = z.object({
  /** `null` if no path was given. */
  sequence: pathSchema.nullable(),
  stamp: stampSchema.nullable(),
});

/**
 * The first numbers of the streams, which show whether each stream has its own counter or all see
 * the numbers of one feed. Only if the user named where the numbers are.
 */
export const numberingSchema = z.object({
  /** The user's answer; `null` if ssebench decides. */
  given: z.enum(numberings).nullable(),
  /** Streams with a number. */
  streams: count,
  /** The lowest first number of a stream, and the number of streams that began with it. */
  lowest: z.number().nullable(),
  atLowest: count,
  /** Sum over the other streams: how much higher each began. */
  aboveLowest: z.number(),
  /** Streams without a flaw that began with the lowest number, and those that began higher. */
  flawlessAtLowest: count,
  flawlessAbove: count,
  /**
   * Streams that began when other numbers had advanced: higher by as much as the newest number of
   * all streams, or not.
   */
  atFront: count,
  behind: count,
  /** Events after another numbered one of their stream, and those whose number was one higher. */
  steps: count.default(0),
  following: count.default(0),
});

/** More names are counted together. */
export const mostEventNames = 20;
/** The name for all names beyond the limit. An event that has this name counts too. */
export const otherNames = '(other names)';

/** The figures of one event name. The distributions are encoded as those of a round. */
export const namedEventsSchema = z.object({
  name: z.string(),
  /** In the measurement. */
  events: count,
  gap: z.string(),
  delivery: z.string(),
});

export type EventDataFindings = z.infer<typeof eventDataSchema>;
export type StampFindings = z.infer<typeof stampSchema>;
export type PathFindings = z.infer<typeof pathSchema>;
export type NumberingEvidence = z.infer<typeof numberingSchema>;
export type NamedEvents = z.infer<typeof namedEventsSchema>;

export const noEventData = (): EventDataFindings => ({ sequence: null, stamp: null });

export const noNumbering = (): NumberingEvidence => ({
  given: null,
  streams: 0,
  lowest: null,
  atLowest: 0,
  aboveLowest: 0,
  flawlessAtLowest: 0,
  flawlessAbove: 0,
  atFront: 0,
  behind: 0,
  steps: 0,
  following: 0,
});
