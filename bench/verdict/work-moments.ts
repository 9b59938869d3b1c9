/** Observations of a server after its clients have disconnected. Pure. */

/** A server at a moment, observed without stopping it. */
export interface WorkMoment {
  atMs: number;
  /** The time since the moment before. */
  ms: number;
  /** CPU time since the moment before; `null` if it is unknown, or includes an inspection. */
  cpuMs: number | null;
  /** Active timers; `undefined` if unknown. */
  timers: number | undefined;
  /** Connections that the server has opened: an identity → the remote address. */
  upstreams: ReadonlyMap<string, string>;
}

/** Clients that disconnected together. */
export interface LeftClients {
  clients: number;
  /** When the last of them had disconnected. */
  leftMs: number;
}

/** Clients that connected and disconnected together, and the server after that. */
export interface WorkCrowd extends LeftClients {
  /** The server before they connected. */
  before: Pick<WorkMoment, 'timers' | 'upstreams'>;
  /** From their disconnect to the next crowd, or to the end of the mode. */
  moments: WorkMoment[];
}

/** The server without clients. */
export interface IdleWork {
  /** CPU time in milliseconds per millisecond. */
  cpuRate: number;
  /** The largest difference from this rate in a short time. */
  cpuSpread: number;
  /** How much the number of timers varied. */
  timersRange: number;
}

/** Closing a connection is work too. It has ended by this time. */
export const closesWithinMs = 90;
/** CPU time that is no work yet: the close of some connections, and the calls of ssebench. */
const leastCpuMs = 1;
/** @returns `undefined` if nothing could be observed */
export function idleWorkOf(moments: readonly WorkMoment[]): IdleWork | undefined {
  const rates = moments.flatMap(({ cpuMs, ms }) => (cpuMs === null ? [] : [cpuMs / ms]));
  if (rates.length === 0) return undefined;
  const cpuRate = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const timers = moments.flatMap((moment) => moment.timers ?? []);
  return {
    cpuRate,
    cpuSpread: Math.max(...rates.map((rate) => Math.abs(rate - cpuRate))),
    timersRange: timers.length > 0 ? Math.max(...timers) - Math.min(...timers) : 0,
  };
}

/** Whether the server has used more CPU time since the moment before than without clients. */
export const isComputing = ({ cpuMs, ms }: WorkMoment, idle: IdleWork | undefined): boolean =>
  cpuMs !== null && idle !== undefined && cpuMs > (idle.cpuRate + idle.cpuSpread) * ms + leastCpuMs;

/** How long after the disconnect of its crowd a moment was. */
export const ageOf = ({ leftMs }: WorkCrowd, { atMs }: WorkMoment): number => atMs - leftMs;
