/** Names of events hold letters, digits, dots, `_` and `-`: nothing that a JSON pointer would have to escape. */
export function channelReference(event: string): string {
  return `#/channels/${event}`;
}

export function messageReference(event: string): string {
  return `#/components/messages/${event}`;
}

/** The message as its channel has it: operations may name no other. */
export function channelMessageReference(event: string): string {
  return `#/channels/${event}/messages/${event}`;
}
