/** The list of manuals, each with its text. The texts are loaded when one is printed. */

interface Manual {
  /** One line for the help. */
  about: string;
  /** @param width of a line, in characters */
  text(width: number): Promise<string>;
}

const texts = () => import('./manual-texts.ts');

export const manuals: Readonly<Record<string, Manual>> = {
  scenarios: {
    about: 'named loads: the question that each answers',
    text: async (width) => (await texts()).scenariosManual(width),
  },
  metrics: {
    about: 'every metric and its definition',
    text: async (width) => (await texts()).metricsManual(width),
  },
  validity: {
    about: 'when a result is invalid, and what to change',
    text: async (width) => (await texts()).validityManual(width),
  },
  servers: {
    about: 'ways to give your own server, and the reference servers',
    text: async (width) => (await texts()).serversManual(width),
  },
  'exit-codes': {
    about: 'every exit code and its meaning',
    text: async (width) => (await texts()).exitCodesManual(width),
  },
};
