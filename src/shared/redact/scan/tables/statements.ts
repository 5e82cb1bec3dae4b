/** `INSERT INTO people (name, city) VALUES ('…', '…'), ('…', '…')`: the columns are the header. */
import { cellsOf } from './cells'
import { addRow, type LabelledCell, labelsOf } from './labels'

export function readStatements(text: string, found: LabelledCell[]): void {
  const insert = /insert into [\w."`[\]]{1,80} ?\(([^()]{1,600})\)\s{0,8}values\s{0,8}(?=\()/gi
  for (let match = insert.exec(text); match; match = insert.exec(text)) {
    const from = match.index + match[0].indexOf('(') + 1
    const columns = cellsOf(text, { start: from, end: from + match[1]!.length }, ',', false)
    const labels = columns && labelsOf(text, columns)
    if (!labels) continue
    const row = /\(((?:[^()'\\]|'[^']{0,300}'){1,4000})\),?\s{0,8}/y
    row.lastIndex = insert.lastIndex
    for (let values = row.exec(text); values; values = row.exec(text)) {
      const cells = cellsOf(text, { start: values.index + 1, end: values.index + 1 + values[1]!.length }, ',', false)
      insert.lastIndex = row.lastIndex
      if (cells?.length !== labels.length) break
      addRow(cells, labels, found)
    }
  }
}
