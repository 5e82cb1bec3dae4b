// `npm run generate`: the tables of settings and diagnostics of `docs/settings.md`.
import { readFileSync } from 'node:fs'
import { codes } from '../diag/codes'
import { settingsTable } from './explain'
import { fill } from './fill-page'

export default function generate(): { path: string; content: string }[] {
  const path = 'docs/settings.md'
  const rows = Object.entries(codes).map(([code, meaning]) => `| ${code} | ${meaning} |`)
  const codesTable = ['| code | meaning |', '|---|---|', ...rows].join('\n')
  const settled = fill({ path, content: readFileSync(path, 'utf8') }, 'settings', settingsTable())
  return [{ path, content: fill({ path, content: settled }, 'codes', codesTable) }]
}
