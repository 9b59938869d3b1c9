/**
 * The part of autocannon that ssebench uses; autocannon has no types. ssebench does not use its
 * latency at a given rate.
 */
declare module 'autocannon' {
  interface Options {
    url: string;
    headers: Record<string, string>;
    connections: number;
    /** Seconds. */
    duration: number;
    timeout: number;
    /** Whether the body of a response is as expected. */
    verifyBody?: (body: string) => boolean;
  }
  interface Found {
    '2xx': number;
    non2xx: number;
    /** Including the timeouts. */
    errors: number;
    timeouts: number;
    /** Responses of any status whose body was not as expected. */
    mismatches: number;
    /** Seconds. */
    duration: number;
  }
  export default function autocannon(options: Options): Promise<Found>;
}
