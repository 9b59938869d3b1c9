/** Whether an option takes a value, such as `--out [folder]`; otherwise it is a switch. */
export const hasValue = ({ flags }: { flags: string }): boolean => flags.includes('[');
