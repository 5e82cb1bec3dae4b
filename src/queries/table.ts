// Rows → lines for a terminal. Cells come from traces, so from anybody: control characters, which could move the cursor or colour the
// terminal, never get through.

/** Columns of a cell; longer ones are cut, but for the last of a row, which may be a link. */
const widest = 48

/** Numbers stand at the right of their column. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const last = head.length - 1
  const cells = [head, ...rows].map(row => row.map((cell, column) => clean(cell, column < last ? widest : 1_000)))
  const widths = head.map((_, column) => Math.max(...cells.map(row => width(row[column] ?? ''))))
  const isNumeric = head.map((_, column) => rows.every(row => /^(-?[\d.,]+( \w+)?|)$/.test(row[column] ?? '')))
  return cells.map(row =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(widths[column]! - width(cell))
        return isNumeric[column] && rows.length > 0 ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd(),
  )
}

function clean(cell: string, most: number): string {
  const text = cell
    .replace(/^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/u, '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trimEnd()
  if (width(text) <= most) return text
  let cut = ''
  let used = 1
  for (const letter of text) {
    used += width(letter)
    if (used > most) break
    cut += letter
  }
  return `${cut}…`
}

/** Two columns wide: East Asian characters (half-width forms are not), and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u

/** Columns that a terminal gives the text. */
export function width(text: string): number {
  let columns = 0
  for (const letter of text) columns += /\p{M}/u.test(letter) ? 0 : wide.test(letter) ? 2 : 1
  return columns
}
