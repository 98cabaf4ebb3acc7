/**
 * Descriptions in OpenAPI are Markdown, in which HTML and links work. The text of a manifest may use emphasis, lists,
 * code and links to the web; it may not bring in HTML or scripts, whoever shows the page.
 */
export function escapeMarkdown(text: string): string {
  return (
    text
      // Entities first: a character in disguise would pass by what follows.
      .replace(/&(?=#|[A-Za-z][A-Za-z0-9]*;)/g, '&amp;')
      .replace(/<(?=[A-Za-z/!?])/g, '&lt;')
      // A link that leads to anything but the web, and the definition of one.
      .replace(/\](?=\((?!https?:\/\/))/g, ']\\')
      .replace(/\](?=:)/g, ']\\')
      .replace(/javascript:/gi, (scheme) => `${scheme.slice(0, -1)}&#58;`)
      .replace(/eval\(/g, 'eval\\(')
  );
}

/** Titles are plain text, but some pages show them as HTML, and linters look for scripts in them. */
export function escapeTitle(text: string): string {
  return text.replace(/<(?=\/?script)/gi, '&lt;').replace(/eval\(/g, 'eval\\(');
}

/** On one line: a summary, or a name within a sentence. */
export function singleLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/** The first sentence of a description, without its full stop. */
export function firstSentence(text: string): string {
  const line = singleLine(text);
  const end = /[.!?](?=\s+\p{Lu}|$)/u.exec(line);
  if (end === null) return line;
  return end[0] === '.' ? line.slice(0, end.index) : line.slice(0, end.index + 1);
}
