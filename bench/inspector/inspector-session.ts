/** Evaluates expressions in V8 over a channel, and holds references for as long as needed. */
import type { InspectorChannel } from './inspector-channel.ts';

/** The group of references that are held for the whole session. */
const keptGroup = 'ssebench';

/** A value of the process, or a reference to it. */
export interface RemoteValue {
  value?: unknown;
  objectId?: string;
}
export interface RemoteProperty {
  name: string;
  value?: RemoteValue;
}
export interface RemoteAnswer {
  result: RemoteValue;
  exceptionDetails?: { exception?: { description?: string }; text: string };
}

export interface InspectorSession extends Pick<InspectorChannel, 'send' | 'on'> {
  /** @returns the value itself */
  evaluate(expression: string): Promise<unknown>;
  /** @returns a reference, which the group keeps alive */
  refer(expression: string, objectGroup: string): Promise<string | undefined>;
  /**
   * Runs `use` with a group of references, and releases the group afterwards. Referenced objects
   * stay alive, and the next inspection would count them.
   */
  inGroup<Result>(use: (objectGroup: string) => Promise<Result>): Promise<Result>;
  propertiesOf(
    objectId: string,
  ): Promise<{ result: RemoteProperty[]; internalProperties?: RemoteProperty[] }>;
}

/** @throws the exception of the process */
export function valueOf({ result, exceptionDetails }: RemoteAnswer): RemoteValue {
  if (exceptionDetails)
    throw new Error(
      `inspector: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`,
    );
  return result;
}

export function sessionOver({ send, on }: InspectorChannel): InspectorSession {
  let groups = 0;
  const ask = async (expression: string, returnByValue: boolean, objectGroup: string) =>
    valueOf(
      await send<RemoteAnswer>('Runtime.evaluate', {
        expression,
        returnByValue,
        objectGroup,
        includeCommandLineAPI: true,
      }),
    );
  return {
    send,
    on,
    evaluate: async (expression) => (await ask(expression, true, keptGroup)).value,
    refer: async (expression, objectGroup) => (await ask(expression, false, objectGroup)).objectId,
    async inGroup(use) {
      const objectGroup = `${keptGroup} ${++groups}`;
      try {
        return await use(objectGroup);
      } finally {
        // The session may already be over.
        send('Runtime.releaseObjectGroup', { objectGroup }).catch(() => {});
      }
    },
    propertiesOf: (objectId) => send('Runtime.getProperties', { objectId, ownProperties: true }),
  };
}
