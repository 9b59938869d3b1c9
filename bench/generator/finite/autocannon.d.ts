/** What we use of autocannon, which comes without types. Its figures of latency at a given rate are not among it. */
declare module 'autocannon' {
  interface Options {
    url: string;
    headers: Record<string, string>;
    connections: number;
    /** Seconds. */
    duration: number;
    timeout: number;
    /** Whether an answer is what it should be. */
    verifyBody?: (body: string) => boolean;
  }
  interface Found {
    '2xx': number;
    non2xx: number;
    /** With the timeouts among them. */
    errors: number;
    timeouts: number;
    /** Answers of any status that were not what they should be. */
    mismatches: number;
    /** Seconds. */
    duration: number;
  }
  export default function autocannon(options: Options): Promise<Found>;
}
