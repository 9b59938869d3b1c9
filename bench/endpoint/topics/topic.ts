/** A topic has rows of possible findings, each a pure function of the observations. */
import type { Severity } from '../../result/endpoint-result.ts';
import type { Observations } from '../observations.ts';

/** A possible finding. */
export interface FindingRow {
  /** Stable, for scripts. */
  name: string;
  severity: Severity;
  /** A sentence about the fault. */
  what: string;
  /** Why it matters. */
  why: string;
  fix: string;
  /** @returns what was observed, with numbers; `undefined` if the finding does not apply */
  find(observations: Observations): string | undefined;
}

export interface Topic {
  /** As the report lists it: `Fine: framing, silence.` */
  name: string;
  rows: readonly FindingRow[];
  /** Whether its findings depend on when something arrived. */
  dependsOnTime?: true;
  /** @returns why the topic does not apply, or `undefined` if it does */
  skip?(observations: Observations): string | undefined;
}
