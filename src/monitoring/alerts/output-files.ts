/** The two files that follow from alerts-config.yaml, for an Alertmanager and a Prometheus that `afn-otel generate` did not set up. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Document } from 'yaml'
import { alertmanagerConfig } from './alertmanager'
import type { AlertsConfig } from './config'
import { ruleFile } from './rules'

export const CONFIGURATION = 'alertmanager.yml'
const RULES = 'rules/alerts-config.yml'
/** Stands in the first line of each: a file of another hand is never overwritten. */
const MADE_BY = 'Made by afn-otel alerts reload from'

export interface WrittenFile {
  /** Relative to the target. */
  readonly path: string
  /** Undefined for a file that is to go. */
  readonly content: string | undefined
}

/**
 * @param name of alerts-config.yaml, which the files name as their source
 * @param secrets folder in which Alertmanager finds the paths of secrets
 * @param page where people reach the receiver
 */
export function filesOf(config: AlertsConfig, name: string, secrets: string, page?: string): WrittenFile[] {
  const rules = ruleFile(config)
  const secret = (file: string) => path.resolve(secrets, file)
  return [
    {
      path: CONFIGURATION,
      content: textOf(alertmanagerConfig(config, { secret, ...(page !== undefined && { page }) }), name),
    },
    { path: RULES, content: rules && textOf(rules, name) },
  ]
}

function textOf(section: object, name: string): string {
  const document = new Document(section)
  document.commentBefore = ` ${MADE_BY} ${path.basename(name)}; edit that file, and run the command again.`
  return document.toString({ lineWidth: 0 })
}

/** Those of the files that another hand made. */
export const strangersAmong = (files: readonly WrittenFile[], target: string): string[] =>
  files
    .map(file => path.join(target, file.path))
    .filter(at => existsSync(at) && !readFileSync(at, 'utf8').slice(0, 500).includes(MADE_BY))

/** @returns what puts back what was there before */
export function write(files: readonly WrittenFile[], target: string): () => void {
  const before = files.map(file => {
    const at = path.join(target, file.path)
    return { at, content: existsSync(at) ? readFileSync(at, 'utf8') : undefined }
  })
  for (const file of files) put(path.join(target, file.path), file.content)
  return () => {
    for (const { at, content } of before) put(at, content)
  }
}

/** Who reads the file meanwhile sees the old content or the new one, never a part. */
function put(at: string, content: string | undefined): void {
  if (content === undefined) return rmSync(at, { force: true })
  mkdirSync(path.dirname(at), { recursive: true })
  const draft = `${at}.${process.pid}.tmp`
  writeFileSync(draft, content, { mode: 0o644 })
  renameSync(draft, at)
}

/** As Alertmanager shows it in `alertmanager_config_hash`: 48 bits of the file's MD5. */
export const configHash = (text: string): number => createHash('md5').update(text).digest().readUIntLE(0, 6)
