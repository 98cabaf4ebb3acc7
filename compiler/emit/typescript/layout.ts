import { textWidth } from './text-width.ts';

/**
 * A text with places where it may break, laid out for a line width (after Wadler, "A prettier printer"). Generated
 * files are laid out as the formatter of the repository would, so that they pass its check as they are.
 */
export type Layout = string | readonly Layout[] | Group | Indent | Hang | Break | Choice;

interface Group {
  readonly kind: 'group';
  readonly contents: Layout;
  /** It holds a hard line, so it never fits. */
  readonly broken: boolean;
}

interface Indent {
  readonly kind: 'indent';
  readonly contents: Layout;
}

interface Hang {
  readonly kind: 'hang';
  readonly contents: Layout;
}

interface Break {
  readonly kind: 'break';
  /** What stands there where the group stays on one line. */
  readonly flat: '' | ' ';
  readonly hard: boolean;
}

interface Choice {
  readonly kind: 'choice';
  readonly broken: Layout;
  readonly flat: Layout;
}

/** Ends the line, always. */
export const hardLine: Layout = { kind: 'break', flat: '', hard: true };
/** Ends the line where its group is broken; a space where it is not. */
export const line: Layout = { kind: 'break', flat: ' ', hard: false };
/** Ends the line where its group is broken; nothing where it is not. */
export const softLine: Layout = { kind: 'break', flat: '', hard: false };

/** Stays on one line where it fits; otherwise all breaks directly in it end the line. */
export function group(contents: Layout): Layout {
  return { kind: 'group', contents, broken: hasHardLine(contents) };
}

export function indent(contents: Layout): Layout {
  return { kind: 'indent', contents };
}

/** Follows a space where its beginning fits on the line; otherwise it begins the next line, indented. */
export function hang(contents: Layout): Layout {
  return { kind: 'hang', contents };
}

/** One of two texts: for a broken group, and for one on a line. */
export function choice(broken: Layout, flat: Layout = ''): Layout {
  return { kind: 'choice', broken, flat };
}

export function join(separator: Layout, parts: readonly Layout[]): Layout {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}

/** Whether it can never stand on one line. */
function hasHardLine(layout: Layout): boolean {
  if (typeof layout === 'string') return false;
  if (isSequence(layout)) return layout.some(hasHardLine);
  switch (layout.kind) {
    case 'group':
      return layout.broken;
    case 'indent':
    case 'hang':
      return hasHardLine(layout.contents);
    case 'break':
      return layout.hard;
    case 'choice':
      return hasHardLine(layout.broken);
  }
}

/** How many columns a line may take. */
export const WIDTH = 110;

interface Command {
  readonly depth: number;
  readonly broken: boolean;
  readonly layout: Layout;
}

/** The text of a layout: lines without trailing white space, indented by two. */
export function printLayout(root: Layout): string {
  const lines: string[] = [];
  let current = '';
  const commands: Command[] = [{ depth: 0, broken: true, layout: root }];
  for (let command = commands.pop(); command !== undefined; command = commands.pop()) {
    const { depth, broken, layout } = command;
    if (typeof layout === 'string') {
      current += layout;
    } else if (isSequence(layout)) {
      for (let index = layout.length - 1; index >= 0; index -= 1) {
        commands.push({ depth, broken, layout: layout[index] ?? '' });
      }
    } else if (layout.kind === 'indent') {
      commands.push({ depth: depth + 1, broken, layout: layout.contents });
    } else if (layout.kind === 'choice') {
      commands.push({ depth, broken, layout: broken ? layout.broken : layout.flat });
    } else if (layout.kind === 'hang') {
      const beside = { depth, broken, layout: [' ', layout.contents] };
      const fitting = !broken || fits(beside, commands, WIDTH - textWidth(current));
      commands.push(fitting ? beside : { depth, broken, layout: indent([hardLine, layout.contents]) });
    } else if (layout.kind === 'group') {
      const flat = { depth, broken: false, layout: layout.contents };
      const fitting = !layout.broken && fits(flat, commands, WIDTH - textWidth(current));
      commands.push(fitting ? flat : { ...flat, broken: true });
    } else if (broken || layout.hard) {
      lines.push(current.trimEnd());
      current = '  '.repeat(depth);
    } else {
      current += layout.flat;
    }
  }
  lines.push(current.trimEnd());
  return lines.join('\n');
}

/** Whether a command, and what follows it up to the next line's end, takes no more than the width that is left. */
function fits(next: Command, following: readonly Command[], width: number): boolean {
  let left = width;
  let followed = following.length;
  const commands = [next];
  while (left >= 0) {
    let command = commands.pop();
    if (command === undefined) {
      followed -= 1;
      command = following[followed];
      if (command === undefined) return true;
    }
    const { depth, broken, layout } = command;
    if (typeof layout === 'string') {
      left -= textWidth(layout);
    } else if (isSequence(layout)) {
      for (let index = layout.length - 1; index >= 0; index -= 1) {
        commands.push({ depth, broken, layout: layout[index] ?? '' });
      }
    } else if (layout.kind === 'indent') {
      commands.push({ depth, broken, layout: layout.contents });
    } else if (layout.kind === 'hang') {
      commands.push({ depth, broken, layout: [' ', layout.contents] });
    } else if (layout.kind === 'choice') {
      commands.push({ depth, broken, layout: broken ? layout.broken : layout.flat });
    } else if (layout.kind === 'group') {
      // What follows may still break at its first chance.
      commands.push({ depth, broken: broken || layout.broken, layout: layout.contents });
    } else if (broken || layout.hard) {
      return true;
    } else {
      left -= layout.flat.length;
    }
  }
  return false;
}

function isSequence(layout: Layout): layout is readonly Layout[] {
  return Array.isArray(layout);
}
