const TOKEN = /eyJ[\w-]{4,}(?:\.[\w-]+)+|(?<=\bBearer\s)[\w.~+/=-]{8,}/g;
const ADDRESS = /\b(?:https?|wss?|rediss?):\/\/[^\s"\\]+/gi;

/**
 * The last guard before a line of the log is written. Nothing that is logged should hold a token or an address; a
 * message of a library that was never seen before may.
 */
export function scrubLine(line: string): string {
  // Nearly every line has neither: looking for that costs less than the expressions.
  const scrubbed = line.includes('eyJ') || line.includes('Bearer') ? line.replace(TOKEN, '(token)') : line;
  return scrubbed.includes('://') ? scrubbed.replace(ADDRESS, '(address)') : scrubbed;
}
