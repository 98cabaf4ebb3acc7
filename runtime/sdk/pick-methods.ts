/** Some methods of a client, and no others. */
export function pickMethods<Client extends object, Name extends keyof Client>(
  client: Client,
  ...names: readonly Name[]
): Pick<Client, Name> {
  // Every name of `Name` is among the entries.
  return Object.fromEntries(names.map((name) => [name, client[name]])) as Pick<Client, Name>;
}
