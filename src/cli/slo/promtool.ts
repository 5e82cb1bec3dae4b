// Prometheus' promtool, where there is one: whether it takes rules, and what they do in tests.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { renderRules } from '../../slo/rule-file'
import type { RulesOfSlo } from '../../slo/rule-files'

export interface Promtool {
  readonly binary: string
  /** Version 2 can't read native histograms in a test. */
  readonly isOld: boolean
}

/** @param named a path; without one it is PROMTOOL_BIN, else that of PATH */
export function findPromtool(named?: string): Promtool | undefined {
  const binary = named || process.env.PROMTOOL_BIN || 'promtool'
  const { status, stdout, stderr } = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  return status === 0 ? { binary, isOld: /version 2\./.test(`${stdout}${stderr}`) } : undefined
}

export interface Judged {
  readonly id: string
  /** What promtool said; undefined where it takes the rules. */
  readonly refusal: string | undefined
}

/** Whether promtool takes the rules of each SLO. */
export function judge({ binary }: Promtool, all: readonly RulesOfSlo[]): Judged[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-otel-slo-'))
  try {
    const written = all.map(({ slo, files }) => ({
      id: slo.id,
      paths: files.map(file => {
        const at = path.join(folder, file.name)
        writeFileSync(at, renderRules('of afn-otel slo', file.groups))
        return at
      }),
    }))
    const refusalOf = (paths: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(binary, ['check', 'rules', ...paths], { encoding: 'utf8' })
      return status === 0 ? undefined : `${stdout}${stderr}`.replaceAll(`${folder}${path.sep}`, '').trim()
    }
    // all at once is one start of promtool, and nearly always enough
    const isEveryOneRight = all.length > 0 && refusalOf(written.flatMap(({ paths }) => paths)) === undefined
    return written.map(({ id, paths }) => ({ id, refusal: isEveryOneRight ? undefined : refusalOf(paths) }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
