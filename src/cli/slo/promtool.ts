// Prometheus' promtool, where there is one: whether it takes rules, and what they do in tests.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestFile } from '../../monitoring/slo/promtool-tests'
import { renderRules } from '../../monitoring/slo/rule-file'
import type { RulesOfSlo } from '../../monitoring/slo/rule-files'

export interface Promtool {
  readonly binary: string
  /** Version 2 can't read native histograms in a test. */
  readonly isOld: boolean
}

/** @param named a path; without one it is PROMTOOL_BIN, else from PATH */
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
export function judge(promtool: Promtool, all: readonly RulesOfSlo[]): Judged[] {
  return inFolder(folder => {
    const written = all.map(rules => ({ id: rules.slo.id, paths: writeRules(rules, folder) }))
    const refusalOf = (paths: readonly string[]) => complaintOf(promtool, ['check', 'rules', ...paths], folder)
    // all at once is one start of promtool, and nearly always enough
    const isEveryOneRight = all.length > 0 && refusalOf(written.flatMap(({ paths }) => paths)) === undefined
    return written.map(({ id, paths }) => ({ id, refusal: isEveryOneRight ? undefined : refusalOf(paths) }))
  })
}

/** @returns what promtool says where the test fails */
export function failureOf(promtool: Promtool, rules: RulesOfSlo, test: TestFile): string | undefined {
  return inFolder(folder => {
    writeRules(rules, folder)
    mkdirSync(path.join(folder, 'tests'))
    const at = path.join(folder, 'tests', test.name)
    writeFileSync(at, test.content)
    return complaintOf(promtool, ['test', 'rules', at], folder)
  })
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-otel-slo-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @returns the paths of the files */
function writeRules({ files }: RulesOfSlo, folder: string): string[] {
  return files.map(({ name, groups }) => {
    const at = path.join(folder, name)
    writeFileSync(at, renderRules('of afn-otel slo', groups))
    return at
  })
}

/** @returns undefined where promtool is content; paths in its words are relative to `folder` */
function complaintOf({ binary }: Promtool, args: readonly string[], folder: string): string | undefined {
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8' })
  return status === 0 ? undefined : `${stdout}${stderr}`.replaceAll(`${folder}${path.sep}`, '').trim()
}
