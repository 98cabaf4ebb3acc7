import type { ContactObject, InfoObject, LicenseObject } from 'openapi3-ts/oas31';
import type { Plugin, Program } from '../../ir/program.ts';
import { escapeMarkdown, escapeTitle, singleLine } from './markdown.ts';
import { webSocketNotes } from './websockets.ts';

/** What a plugin's document says about the plugin. */
export function pluginInfo(plugin: Plugin): InfoObject {
  const { description, metadata = {} } = plugin.manifest.value;
  const about = escapeMarkdown(description?.trim() || `The API of ${plugin.name}.`);
  return {
    title: escapeTitle(singleLine(plugin.name)),
    version: plugin.version.value,
    description: withNotes(about, webSocketNotes([plugin])),
    contact: contactOf(plugin),
    license: licenseOf(metadata.license),
  };
}

/**
 * What the merged document says about itself. Its version is that of the gateway's way of addressing plugins: the plugins keep
 * versions of their own, told beside it, and one number made of all of them would change without saying for whom.
 */
export function gatewayInfo({ plugins }: Program): InfoObject {
  return {
    title: 'Plexica gateway',
    version: '1.0.0',
    description: withNotes(
      'Every endpoint that the plugins of this workspace open to users, and the state of the gateway.',
      webSocketNotes(plugins),
    ),
    contact: { name: 'Plexica' },
    license: licenseOf(undefined),
    'x-plexica-plugins': Object.fromEntries(plugins.map(({ id, version }) => [id.value, version.value])),
  };
}

function withNotes(description: string, notes: string | undefined): string {
  return notes === undefined ? description : `${description}\n\n${notes}`;
}

function contactOf({ name, manifest }: Plugin): ContactObject {
  const { author, homepage } = manifest.value.metadata ?? {};
  const url = webUrl(author?.url ?? homepage);
  return {
    name: singleLine(author?.name ?? name),
    ...(url !== undefined && { url }),
    ...(author?.email !== undefined && isEmail(author.email) && { email: author.email }),
  };
}

/** Both are places where the specification asks for a form and the manifest takes any text. */
function webUrl(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\//.test(text) && URL.canParse(text)
    ? new URL(text).href
    : undefined;
}

function isEmail(text: string): boolean {
  return /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text);
}

/** Always with an SPDX expression: `LicenseRef-` is SPDX' own way to name a licence that its list lacks. */
function licenseOf(license: string | undefined): LicenseObject {
  const name = singleLine(license ?? '');
  if (name === '') return { name: 'No license stated', identifier: 'LicenseRef-not-stated' };
  const identifier = isSpdxExpression(name) ? name : `LicenseRef-${name.replace(/[^A-Za-z0-9.]+/g, '-')}`;
  return { name, identifier };
}

/** Such as `MIT` or `(Apache-2.0 OR MIT)`. */
function isSpdxExpression(text: string): boolean {
  const bare = text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
  return bare.split(/ (?:AND|OR|WITH) /).every(isSpdxId);
}

/** A word with a digit is taken for an identifier of SPDX' list; without one, if it is among those in wide use. */
function isSpdxId(word: string): boolean {
  return /^(?=.*[0-9])[A-Za-z0-9.-]+\+?$|^(?:ISC|MIT|PostgreSQL|Unlicense|WTFPL|Zlib)$/.test(word);
}
