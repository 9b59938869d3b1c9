/** Turns the settings of `check`, the function, into a request. */
import { whyNoCalls } from '../scenario/call-settings.ts';
import { complaintsOf, refused, whyUnknown, type Checked } from '../scenario/complaint.ts';
import type { Duration } from '../scenario/duration.ts';
import { appUnderTest, type App } from '../scenario/own-servers/app.ts';
import {
  requestInProgram,
  requestSettingNames,
  requestWordingInProgram,
  type RequestSettings,
} from '../scenario/read-request.ts';
import { givenInProgram, inProgram } from '../scenario/values.ts';
import { checkOptions } from './options.ts';
import { checkRequest, type CheckRequest, type CheckWording } from './request.ts';

/**
 * Settings of `check`. They match the options of `ssebench check` and have the same defaults. If
 * `onProgress` throws, the check ends, and rejects with that error.
 */
export interface CheckSettings extends RequestSettings {
  /** How long to observe, from 5s (default: 10s). 65s judges all idle limits. */
  watch?: Duration;
  /** Judges CORS for pages of this origin, such as `https://app.example.com`. */
  origin?: string;
  /** Time a command may take until its server listens (default: 30s). */
  readyWithin?: Duration;
  /** The mildest severity that makes the exit code 5 (default: error). */
  failOn?: 'error' | 'warning';
  /** Also writes the verdicts to this file, as JUnit XML. If that fails, the exit code is 1. */
  junit?: string;
  /** Also writes a summary to this file, as Markdown. If that fails, the exit code is 1. */
  markdown?: string;
  /** Ends the check early. The result has the findings so far, and that it was interrupted. */
  signal?: AbortSignal;
  /** Called each second with the time since the start, in milliseconds. */
  onProgress?(progress: CheckProgress): void;
}

export interface CheckProgress {
  elapsedMs: number;
  /** How long the check observes the endpoint. Starting and ending a command takes longer. */
  watchMs: number;
}

const wording: CheckWording = { ...inProgram, request: requestWordingInProgram };

const known = [
  ...Object.keys(checkOptions),
  'readyWithin',
  'junit',
  'markdown',
  'signal',
  'onProgress',
  ...requestSettingNames,
];

/**
 * @returns the request, or all complaints; each names the setting, the value and what to do
 * @internal
 */
export function readCheckSettings(app: App, settings: CheckSettings): Checked<CheckRequest> {
  const unknown = Object.keys(settings)
    .filter((name) => !known.includes(name))
    .map((name) => `${name}: ${whyUnknown('setting', name, known)}`);
  const wrong = [...unknown, ...whyNoCalls({ ...settings }, ['onProgress'])];
  const complaints: string[] = [];
  const server = appUnderTest(app, settings.readyWithin, (each) => void complaints.push(each));
  const request = checkRequest(
    {
      servers: server ? [server] : [],
      settings: givenInProgram(checkOptions, { ...settings }),
      request: requestInProgram(settings),
    },
    wording,
    complaints,
  );
  return wrong.length > 0 ? refused(...wrong, ...complaintsOf(request)) : request;
}
