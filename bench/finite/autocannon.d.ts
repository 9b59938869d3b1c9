/** What we use of autocannon, which comes without types. Its figures of latency at a given rate are not among it. */
declare module 'autocannon' {
  interface Options {
    url: string;
    headers: Record<string, string>;
    connections: number;
    /** Seconds. */
    duration: number;
    timeout: number;
  }
  interface Found {
    '2xx': number;
    non2xx: number;
    /** With the timeouts among them. */
    errors: number;
    timeouts: number;
    /** Seconds. */
    duration: number;
  }
  export default function autocannon(options: Options): Promise<Found>;
}
