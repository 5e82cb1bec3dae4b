/**
 * Puts `text` between the two comments of that name in a page.
 * @throws Error when the page has no such place
 */
export function fill(page: { path: string; content: string }, name: string, text: string): string {
  const [before, after] = [`<!-- ${name}: written by npm run generate -->\n`, `<!-- /${name} -->`]
  const from = page.content.indexOf(before)
  const to = page.content.indexOf(after)
  if (from < 0 || to < from)
    throw new Error(`${page.path} has no place for the table of ${name}: it needs ${before.trim()} and ${after}`)
  return `${page.content.slice(0, from + before.length)}${text}\n${page.content.slice(to)}`
}
