/** The table of the sections of a config file, for the docs. Pure. */
import { sectionNames, sections } from '../bench/commands/config-schema.ts';
import { flagOf, type ConfigurableOption } from '../bench/scenario/option.ts';

export const configSectionsSection = (): string =>
  [
    '| key | option | value |',
    '| --- | --- | --- |',
    ...sectionNames.flatMap((section) =>
      Object.entries<ConfigurableOption<unknown>>(sections[section]).map(
        ([name, option]) =>
          `| \`${section}.${name}\` | \`${flagOf(option)}\` | ${option.mustInFile} |`,
      ),
    ),
  ].join('\n');
