/** The end of a server that the check started: after SIGTERM, or by itself. */
import { counted, time } from '../numbers.ts';
import type { ObservedShutdown } from '../shutdown.ts';
import type { Topic } from './topic.ts';

/** The exit code that shells give to a process that SIGTERM ended. */
const codeOfSigterm = 143;

const streamsOf = ({ ended, cut, open }: ObservedShutdown): number => ended + cut + open;

export const shutdown: Topic = {
  name: 'shutdown',
  skip({ shutdown: end, wasInterrupted }) {
    if (end !== null) return undefined;
    return wasInterrupted
      ? 'the check was interrupted'
      : 'the check did not start the server; add -- and its command';
  },
  rows: [
    {
      name: 'crash',
      severity: 'error',
      what: 'The server ended during the check.',
      why: 'All clients lose their streams. The other findings may only be consequences.',
      fix: 'Start the server alone, send the same requests, and read its output.',
      find: ({ crash }) => crash ?? undefined,
    },
    {
      name: 'ignores-sigterm',
      severity: 'error',
      what: 'The server does not end after SIGTERM.',
      why: 'An orchestrator then kills it, so requests and data that it holds are lost. server.close() of Node waits until all streams have ended.',
      fix: 'On SIGTERM, end all streams, such as with res.end(), and then close the server.',
      find: ({ shutdown: end }) =>
        end?.wasKilled
          ? `killed ${time(end.tookMs)} after SIGTERM; ${end.open} of ${counted(streamsOf(end), 'stream')} were still open`
          : undefined,
    },
    {
      name: 'signal-not-forwarded',
      severity: 'warning',
      what: 'The command ends after SIGTERM, but the server behind it continues.',
      why: 'A shell or a script that starts the server gets the signal, and the server does not.',
      fix: 'Start the server directly, or with exec in the script.',
      find: ({ shutdown: end }) =>
        end && !end.wasKilled && end.open > 0
          ? `${counted(end.open, 'stream')} still open after the command had ended`
          : undefined,
    },
    {
      name: 'cut-in-event-at-shutdown',
      severity: 'warning',
      what: 'After SIGTERM, streams end in the middle of an event.',
      why: 'Browsers drop an event without a blank line after it, so this event is lost.',
      fix: 'On SIGTERM, write whole events, and end all streams, such as with res.end().',
      find: ({ shutdown: end }) =>
        end && end.inEvent > 0
          ? `${end.inEvent} of ${counted(streamsOf(end), 'stream')}`
          : undefined,
    },
    {
      name: 'cut-at-shutdown',
      severity: 'info',
      what: 'After SIGTERM, the connections of streams break.',
      why: 'A client cannot distinguish that from a failure, and data that was not sent is lost.',
      fix: 'On SIGTERM, end all streams, such as with res.end(), and then close the server.',
      find: ({ shutdown: end }) =>
        end && end.cut > 0 ? `${end.cut} of ${counted(streamsOf(end), 'stream')}` : undefined,
    },
    {
      name: 'exit-code-at-shutdown',
      severity: 'info',
      what: 'After SIGTERM, the server ends with an exit code other than 0.',
      why: 'Orchestrators report that as a failure.',
      fix: 'Exit with 0 after an orderly end.',
      find: ({ shutdown: end }) =>
        end && !end.wasKilled && ![null, 0, codeOfSigterm].includes(end.exit.code)
          ? `exit code ${end.exit.code}`
          : undefined,
    },
  ],
};
