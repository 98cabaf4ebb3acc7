import { readFile } from 'node:fs/promises';
import { type CatalogueEntry, catalogue } from '../catalogue.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Command } from './command.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'say what a finding means and how to fix it',
  details: 'CODE is a code such as PLX3002 or a name such as unknown-service. Without one, it lists all.',
  operands: '[CODE]',
  mostOperands: 1,
  options: [],

  async run({ operands: [asked] }, io) {
    if (asked === undefined) {
      io.out(
        catalogue.map(({ code, severity, name }) => `${code}  ${severity.padEnd(7)}  ${name}\n`).join(''),
      );
      return 0;
    }
    const entry = find(asked);
    if (entry === undefined) {
      const meant = nearest(
        asked,
        catalogue.flatMap(({ code, name }) => [code, name]),
      );
      const hint = meant === undefined ? '`plexica explain` lists all' : `did you mean ${meant}?`;
      io.err(`plexica: no finding has the code or name ${quote(asked)}: ${hint}\n`);
      return 2;
    }
    io.out(await readFile(entry.explanation, 'utf8'));
    return 0;
  },
};

function find(asked: string): CatalogueEntry | undefined {
  const lower = asked.toLowerCase();
  return catalogue.find(({ code, name }) => code.toLowerCase() === lower || name === lower);
}
