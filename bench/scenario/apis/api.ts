/** The interface of an API: a row of data that describes how a server streams its answers. */
import type { EndRule, ErrorRule } from './answer-format.ts';

/** A JMESPath into the JSON data of an event. */
type Path = string;

/** A wire format of answers. Paths describe it, so that no code knows an API by its name. */
export interface Api {
  /** As after `--api`. */
  name: string;
  /** One line for `--help` and the docs. */
  about: string;
  /** Requests have these unless the user gives others. */
  method: 'GET' | 'POST';
  /**
   * Names are in lower case. A header of the user overrides one of the same name. The content type
   * follows from the body.
   */
  headers: Readonly<Record<string, string>>;
  /**
   * The body if the user gives none: a template that is filled from `--rows`. `null` if requests
   * need no body.
   */
  body: string | null;
  /** The text of the answer, a piece in each event. */
  text: Path;
  /** The text before the answer, such as reasoning; `null` if there is none. */
  reasoning: Path | null;
  /** The text of a tool call, which is part of the answer; `null` if there is none. */
  toolCall: Path | null;
  /** The last event of a complete answer; `null` if only the end of the response shows it. */
  end: EndRule | null;
  /** Which events are errors. */
  error: ErrorRule;
  /** The number of output tokens so far; `null` if servers do not send it. */
  tokens: Path | null;
  /** The number of an event: a path, or `id`; `null` if events have none. */
  sequence: Path | null;
}
