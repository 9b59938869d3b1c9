/** Recognizes a server that speaks only HTTP/2. Pure. */

/** The length of a frame's head, its type and its flags: RFC 9113, section 4.1. */
const headBytes = 9;
const settings = 4;

/**
 * Whether an answer begins with the frame that every HTTP/2 server sends first: SETTINGS, with one
 * flag at most, for the connection as a whole.
 */
export function beginsLikeHttp2(bytes: Buffer): boolean {
  const isStart = bytes.length >= headBytes && bytes[0] === 0 && bytes[3] === settings;
  return isStart && bytes[4]! <= 1 && bytes.subarray(5, headBytes).every((byte) => byte === 0);
}

export const onlyHttp2: [cause: string, message: string] = [
  'HTTP/1.1 refused',
  'the server answers in HTTP/2',
];
