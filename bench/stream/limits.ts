/** The limits that both ways to read streams share. */
import { maxHeaderSize } from 'node:http';

/**
 * Time for three SYNs, sent after 0, 1 and 3 s. It is shorter than the silence that a stream may
 * have.
 */
export const connectWithinMs = 4_000;
/** The limit for all bytes of one head: twice what its names and values may have. */
export const longestHeadBytes = 2 * maxHeaderSize;
/**
 * Each header takes hundreds of bytes as an object, even a short one. For comparison: Python stops
 * at 100.
 */
export const mostHeaderLines = 500;
