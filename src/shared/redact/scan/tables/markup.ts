/** HTML: `<th>` says what stands in the `<td>` of its column. */
import type { Cell } from './cells'
import { type LabelledCell, type Labels, labelsOf } from './labels'

export function readMarkup(text: string, found: LabelledCell[]): void {
  const tag = /<(tr|th|td)(?:\s[^<>]{0,200})?>([^<>]{0,300})/gi
  let header: Cell[] = []
  let labels: Labels | undefined
  let column = 0
  for (let match = tag.exec(text); match; match = tag.exec(text)) {
    const kind = match[1]!.toLowerCase()
    const start = match.index + match[0].length - match[2]!.length
    const trimmed = match[2]!.trim()
    const cell = { start: start + match[2]!.indexOf(trimmed), end: start + match[2]!.indexOf(trimmed) + trimmed.length }
    if (kind === 'tr') {
      if (header.length > 0) labels = labelsOf(text, header)
      header = []
      column = 0
    } else if (kind === 'th') header.push(cell)
    else {
      const label = labels?.[column++]
      if (label !== undefined) found.push([cell, label])
    }
  }
}
