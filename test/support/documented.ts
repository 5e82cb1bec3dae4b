// Holds the tables of docs/browser.md against what was measured: by a twentieth, since every change moves a few bytes.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'

const file = path.join(import.meta.dirname, '../../docs/browser.md')

/** Rows of the table under a heading, by their first cell; each is its cells by the head of their column. */
function table(heading: string): Map<string, Record<string, string>> {
  const [, section = ''] = readFileSync(file, 'utf8').split(new RegExp(`^## ${heading}$`, 'm'))
  const lines = section
    .split(/^## /m)[0]!
    .split('\n')
    .filter(line => line.startsWith('|'))
  const [head, , ...rows] = lines.map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim().replaceAll('`', '')),
  )
  return new Map(
    rows.map(([name, ...cells]) => [name!, Object.fromEntries(cells.map((cell, n) => [head![n + 1], cell]))]),
  )
}

/** @param measured by the head of their column */
export function expectInTable(heading: string, row: string, measured: Readonly<Record<string, number>>): void {
  const written = table(heading).get(row) ?? {}
  for (const [column, value] of Object.entries(measured)) {
    const said = Number(written[column]?.replace(/\D/g, ''))
    const message = `docs/browser.md, ${heading}, ${row}, ${column}: says ${said}, measured ${value}`
    expect(Math.abs(said - value), message).toBeLessThanOrEqual(Math.max(20, value / 20))
  }
}
