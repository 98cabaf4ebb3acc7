/** Why this process can make no connection to anybody, by the code of the error. */
const OWN_FAULTS: ReadonlyMap<string, string> = new Map([
  ['EMFILE', 'the gateway has as many files open as it may (ulimit -n)'],
  ['ENFILE', 'the machine has as many files open as it may'],
]);

/** What kept a connection from being made, in words, where that says nothing about who should be at its other end. */
export function ownFault(code: string | undefined): string | undefined {
  return code === undefined ? undefined : OWN_FAULTS.get(code);
}
