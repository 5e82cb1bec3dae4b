// Which files of SLOs a command is about, and how it says what is wrong with them.
import path from 'node:path'
import { parse, stringify } from 'yaml'
import { readSloFiles, type SlosOfFiles } from '../../monitoring/slo/files'
import type { Placement } from '../../monitoring/slo/rule-files'
import { planOf } from '../../pipeline/deployment/plan'
import { resolve } from '../../shared/config/resolve'
import { sloFiles } from '../../shared/config/slo-files'
import { secondsOfDuration } from '../../shared/queries/window'
import { lineOf } from '../mistakes'
import type { Options } from '../options'
import { pipelineSettings } from '../pipeline-settings'
import { plainText } from '../terminal'

/** Mistakes and notes go to stderr. */
export function readAndSay(named: readonly string[]): SlosOfFiles & { readonly places: readonly string[] } {
  const cwd = process.cwd()
  const settings = resolve({ env: process.env, cwd, parseYaml: parse }).settings
  const files = sloFiles(named.length > 0 ? { sloFiles: [...named] } : settings, cwd)
  const read = readSloFiles(files, settings.serviceName || undefined)
  const shown = (file: string) => path.relative(cwd, file)
  for (const mistake of read.mistakes) console.error(lineOf(shown(mistake.file), mistake))
  for (const note of read.notes) console.error(plainText(`note: ${note}`))
  return { ...read, places: files.map(shown) }
}

export const retentionOption = {
  retention: {
    type: 'string',
    argument: '32d',
    help: 'retention of the Prometheus that evaluates the rules',
    otherwise: 'that of the pipeline: afn-otel generate',
  },
} as const satisfies Options

/** Where the rules are evaluated: on one server that keeps so long, or on those of the pipeline. */
export function placementOf(retention: string | undefined): Placement {
  const plan = planOf('single', pipelineSettings())
  const links = plan.urls
  if (retention !== undefined) return { links, days: Math.floor(secondsOfDuration('--retention', retention) / 86_400) }
  const { high, medium } = plan.retention.metrics
  return { links, days: high, longDays: medium }
}

/** @returns the text of a file of YAML that holds each object as a document */
export const yamlOf = (documents: readonly object[]): string =>
  documents.map(document => stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })).join('---\n')
