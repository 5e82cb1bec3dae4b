// All files of a folder, made of what people edit: what `afn-otel generate` writes, and `afn-otel apply` compares with what is there.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse, stringify } from 'yaml'
import {
  ALERTS_FILE,
  type Alerting,
  defaultAlertsFile,
  defaultMonitoringFile,
} from '../../pipeline/deployment/alerting'
import { contentOf } from '../../pipeline/deployment/drift'
import { appEnvironment, missingSecrets, valuesIn } from '../../pipeline/deployment/env-files'
import { folderFiles, type Packaged } from '../../pipeline/deployment/generate'
import type { GeneratedFile } from '../../pipeline/deployment/generated-file'
import { ownDashboards } from '../../pipeline/deployment/grafana-config'
import { type Plan, planOf } from '../../pipeline/deployment/plan'
import type { ProfileName } from '../../pipeline/deployment/profiles'
import { type ReadAlerting, readAlerting } from '../../pipeline/deployment/read-alerting'
import { CheckedFile } from '../../shared/config/checked-file'
import { readSettingsFile, type SettingsFile } from '../../shared/config/file'
import { isJson } from '../../shared/config/json-comments'
import { MONITORING_FILE } from '../../shared/config/monitoring-config'
import { resolve } from '../../shared/config/resolve'
import { componentFiles } from '../collector/distribution'
import { readBoards } from '../dashboards/file'
import { lineOf } from '../mistakes'
import { packageRoot } from '../package-root'

export interface Prepared {
  readonly plan: Plan
  readonly alerting: Alerting
  /** What follows from the rest. */
  readonly files: readonly GeneratedFile[]
  /** Copies of files that people edit elsewhere, and ones to begin with. */
  readonly edited: readonly GeneratedFile[]
  /** .env and app.env, for their owner alone. */
  readonly secrets: readonly GeneratedFile[]
}

/**
 * @param target the folder; what people edit is looked for in the working directory, and then there
 * @returns every mistake in what people edit, as FILE:LINE:COLUMN and a sentence, where there is one
 * @throws Error when a file can't be read, or an objective can't be kept as long as it asks
 */
export function prepare(profile: ProfileName, target: string): Prepared | { readonly mistakes: readonly string[] } {
  const cwd = process.cwd()
  const settingsFile = settingsWithPipeline(cwd, process.env.AFN_CONFIG || undefined) ?? settingsWithPipeline(target)
  const planned = planIn(profile, settingsFile)
  const { settings } = resolve({ env: process.env, cwd, parseYaml: parse })
  const { alerting, mistakes, alertsFile, monitoringFile, sloFiles } = readAlerting([cwd, target], settings)
  const { boards, account, hasCloudflare, mistakes: ofBoards } = readBoards(monitoringFile?.path)
  const all = [...('mistake' in planned ? [planned.mistake] : []), ...mistakes, ...ofBoards]
  if (!alerting || 'mistake' in planned || all.length > 0) return { mistakes: all }
  const { plan } = planned
  return {
    plan,
    alerting,
    files: [...folderFiles(plan, alerting, packagedFiles()), ...ownDashboards(plan, boards, account, hasCloudflare)],
    edited: [
      ...editedIn(target, ALERTS_FILE, alertsFile, defaultAlertsFile),
      ...editedIn(target, MONITORING_FILE, monitoringFile, defaultMonitoringFile),
      ...slosIn(target, sloFiles),
      ...settingsIn(target, settingsFile),
    ],
    secrets: secretFiles(plan, target),
  }
}

function packagedFiles(): Packaged {
  const root = packageRoot(__dirname)
  const packaged = (name: string) => readFileSync(path.join(root, name), 'utf8')
  const runbooks = path.join(root, 'docs/runbooks')
  return {
    dockerfile: packaged('collector/Dockerfile'),
    manifest: packaged('collector/builder.yaml'),
    components: componentFiles(path.join(root, 'collector/components')).map(name => ({
      name,
      text: packaged(path.join('collector/components', name)),
    })),
    commands: commandsOf(packaged),
    runbooks: readdirSync(runbooks).map(name => ({ name, text: packaged(path.join('docs/runbooks', name)) })),
  }
}

/** The CLI, the chunks that it requires, and those that these require. */
function commandsOf(packaged: (name: string) => string): Packaged['commands'] {
  const texts = new Map<string, string>()
  const add = (name: string) => {
    if (texts.has(name)) return
    const text = packaged(`dist/${name}`)
    texts.set(name, text)
    for (const [, required] of text.matchAll(/require\(["']\.\/([\w/-]+\.cjs)["']\)/g)) {
      const file = path.posix.join(path.posix.dirname(name), required!)
      if (file.startsWith('chunks/')) add(file)
    }
  }
  add('cli.cjs')
  return Array.from(texts, ([name, text]) => ({ name, text })).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Its sentences begin with the path of the key. */
function planIn(profile: ProfileName, file: SettingsFile | undefined): { plan: Plan } | { mistake: string } {
  try {
    return { plan: planOf(profile, file?.values.pipeline) }
  } catch (error) {
    const { message } = error as Error
    const keys = /^pipeline(?:\.\w+)*/.exec(message)?.[0].split('.')
    if (!file || !keys) throw error
    const place = new CheckedFile(readFileSync(file.path, 'utf8'), {}).placeOf(keys)
    return { mistake: lineOf(path.relative('', file.path), { ...place, message }) }
  }
}

function settingsWithPipeline(folder: string, named?: string): SettingsFile | undefined {
  const file = readSettingsFile(named, folder, parse)
  return file?.values.pipeline === undefined ? undefined : file
}

/** A file that people edit: where they edit another one, a copy of it; where there is none, one to begin with, which no later run changes. */
function editedIn(target: string, name: string, found: ReadAlerting['alertsFile'], first: string): GeneratedFile[] {
  if (found === undefined) return [{ path: name, content: first }]
  if (path.resolve(found.path) === path.resolve(target, name)) return []
  const text = found.text.replace(/^\uFEFF/, '')
  const comment = isJson(text) ? '//' : '#'
  return [{ path: name, content: `${comment} Generated by "afn-otel generate": a copy of ${found.path}.\n${text}` }]
}

/** All objectives as one file of the folder, in which "generate again" finds them. */
function slosIn(target: string, files: ReadAlerting['sloFiles']): GeneratedFile[] {
  const isInFolder = files.length === 1 && path.resolve(files[0]!.path) === path.resolve(target, 'slo.yaml')
  if (files.length === 0 || isInFolder) return []
  const texts = files.map(({ text }) => text.replace(/^\uFEFF/, ''))
  const header = `# Generated by "afn-otel generate": a copy of ${files.map(({ path: file }) => file).join(', ')}.`
  return [{ path: 'slo.yaml', content: [header, texts.join('\n---\n')].join('\n') }]
}

/** Of the settings what the folder follows from. The rest is an app's, and may hold its secrets. */
function settingsIn(target: string, file: SettingsFile | undefined): GeneratedFile[] {
  if (!file || path.resolve(path.dirname(file.path)) === path.resolve(target)) return []
  const { slo: _, ...pipeline } = file.values.pipeline as Record<string, unknown>
  const header = `# Generated by "afn-otel generate": what stands under "pipeline" in ${file.path}.`
  return [{ path: 'afn-otel.config.yaml', content: `${header}\n${stringify({ pipeline })}` }]
}

/** What stands in .env stays, line for line; app.env follows from it. */
function secretFiles(plan: Plan, target: string): GeneratedFile[] {
  const present = contentOf({ path: '.env', content: '' }, target) ?? ''
  const missing = missingSecrets(plan, present)
  const content = present === '' || present.endsWith('\n') ? present + missing : `${present}\n${missing}`
  const env = { path: '.env', content: missing === '' ? present : content }
  return [env, { path: 'app.env', content: appEnvironment(plan, valuesIn(env.content)) }]
}
