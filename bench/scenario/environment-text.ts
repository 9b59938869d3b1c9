/**
 * `$NAME` in texts of a command line, filled in from the environment. The shell would put the value
 * into the list of processes, where every user of the machine can read it.
 */
import { accepted, refused, type Checked } from './complaint.ts';

const placeholder = /\$(?:(\$)|(\w+)|\{(\w+)\}|(\{))/g;

/**
 * Replaces `$NAME` and `${NAME}` by the variable, and `$$` by a dollar. A dollar before anything
 * else, and before a digit, stays: `$5`.
 *
 * @returns the text, or why it cannot be filled in; never with the value of a variable
 */
export function withEnvironment(text: string): Checked<string> {
  const complaints = new Set<string>();
  const filled = text.replaceAll(
    placeholder,
    (whole, dollar?: string, bare?: string, braced?: string, open?: string, at = 0) => {
      if (dollar) return '$';
      if (open || /^\d/.test(braced ?? ''))
        complaints.add('${ must be followed by a variable and }; write $$ for a dollar');
      const name = bare ?? braced ?? '';
      if (name === '' || /^\d/.test(name)) return whole;
      // Every object has a property such as `constructor`, and it is no variable.
      if (Object.hasOwn(process.env, name)) return process.env[name]!;
      complaints.add(whyUnset(name, text[at - 1] ?? ''));
      return '';
    },
  );
  return complaints.size > 0 ? refused(...complaints) : accepted(filled);
}

/** A dollar may be part of a password, so only a text that is clearly a variable is shown. */
function whyUnset(name: string, before: string): string {
  return /^[A-Z_][A-Z_\d]*$/.test(name) && !/\w/.test(before)
    ? `$${name} is not set in the environment; set it with export ${name}=…, or write $$ for a dollar`
    : 'the text after a $ names no variable of the environment; set the variable, or write $$ for a dollar';
}

/** The text that `withEnvironment` turns into this one. */
export const withoutEnvironment = (text: string): string => text.replaceAll('$', '$$$$');
