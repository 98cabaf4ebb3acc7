import { styleText } from 'node:util';

/** Gives parts of a report their colours, or leaves them plain. */
export interface Styles {
  error(text: string): string;
  warning(text: string): string;
  strong(text: string): string;
  /** Line numbers and rules. */
  frame(text: string): string;
  related(text: string): string;
  help(text: string): string;
}

export function stylesFor(colours: boolean): Styles {
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colours ? styleText(format, text, { validateStream: false }) : text;
  return {
    error: style(['bold', 'red']),
    warning: style(['bold', 'yellow']),
    strong: style('bold'),
    frame: style('blue'),
    related: style('cyan'),
    help: style('green'),
  };
}
