/** The check of one server with its verdict: what goes wrong is a verdict too, and never thrown. */
import { check } from './check.ts';
import { mapTexts } from '../result/map-texts.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import type { LeaksRequest } from './request.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import { notInspected, verdictOf, type ServerVerdict } from '../result/leak-result.ts';

/** @param onMode told which mode begins, and its place among them */
export async function checkServer(
  { name, spec }: LeaksRequest['subjects'][number],
  options: LeaksRequest['options'],
  signal: AbortSignal,
  onMode: (mode: DisconnectMode, place: number) => void = () => {},
): Promise<ServerVerdict> {
  const verdict = await check(spec, options, signal, onMode).then(
    (result) => verdictOf(name, result),
    (error: Error) => notInspected(name, error),
  );
  // It quotes the server: what it answered, and what it printed last.
  return { ...mapTexts(verdict, textWithoutSecrets), server: name };
}
