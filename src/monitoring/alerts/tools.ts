/** amtool and promtool, where they are: what they refuse, Alertmanager and Prometheus refuse too. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { AlertmanagerVersion } from './config'

export interface Verdict {
  /** Such as `amtool 0.35.0`; undefined where there is none, or one that is too old to know what it would read. */
  readonly tool: string | undefined
  /** What it says; empty where all is right. */
  readonly refusals: readonly string[]
}

/**
 * @param configuration as Alertmanager reads it
 * @param version of the Alertmanager that it is for
 */
export const askAmtool = (configuration: string, version: AlertmanagerVersion): Verdict =>
  ask('amtool', version, ['check-config'], configuration, output =>
    output.filter(line => /FAILED|error:/.test(line)).map(line => line.replace(/^Checking '.*'\s+FAILED: /, '')),
  )

/** @param rules a file of rules */
export const askPromtool = (rules: string): Verdict =>
  ask('promtool', undefined, ['check', 'rules'], rules, output =>
    output.filter(line => /group "|error|rule \d/i.test(line)),
  )

function ask(
  name: string,
  atLeast: string | undefined,
  args: readonly string[],
  text: string,
  refusalsIn: (output: string[]) => string[],
): Verdict {
  const binary = onPath(name)
  if (binary === undefined) return { tool: undefined, refusals: [] }
  const version = versionOf(binary)
  if (atLeast !== undefined && version !== '' && isBefore(version, atLeast)) return { tool: undefined, refusals: [] }
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-alerts-'))
  try {
    const file = path.join(folder, 'checked.yml')
    writeFileSync(file, text, { mode: 0o600 })
    const { status, stdout, stderr, error } = spawnSync(binary, [...args, file], { encoding: 'utf8', timeout: 30_000 })
    if (error) return { tool: undefined, refusals: [] }
    const tool = `${name} ${version}`.trim()
    if (status === 0) return { tool, refusals: [] }
    const output = `${stdout}\n${stderr}`
      .split('\n')
      .map(line => line.replaceAll(`${file}: `, '').replaceAll(file, 'it').trim())
      .filter(Boolean)
    const refusals = refusalsIn(output)
    return { tool, refusals: refusals.length > 0 ? [...new Set(refusals)] : [output.join(' ')] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  return folders.map(folder => path.join(folder, name)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const isBefore = (version: string, other: string): boolean => version.localeCompare(other, 'en', { numeric: true }) < 0

/** One that was built by hand may not know it. */
function versionOf(binary: string): string {
  const { stdout, stderr } = spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 10_000 })
  return /version v?(\d+\.\d+\.\d+)/.exec(`${stdout}${stderr}`)?.[1] ?? ''
}
