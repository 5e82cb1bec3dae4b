/** The settings of the logs while the app runs: the code's, the environment's, the file's, in this order, read again when the file changes. */
import { readFileSync, watchFile } from 'node:fs'
import path from 'node:path'
import type { Mistake } from '../../shared/config/checked-file'
import { report } from '../../shared/diag/report'
import { loadChunk } from '../chunks'
import { fullConfig, type LogsConfig, type PartialConfig } from './config'
import { readLogsConfig } from './config-file'

const NAME = 'logging-config.json'
const LOOK_MS = 2_000

export interface ConfigSource {
  /** What wins over the file. */
  readonly code: PartialConfig
  /** Path of the file, where somebody named one. */
  readonly file: string | undefined
  readonly cwd: string
}

/** @param onChange called when the file has changed, and has no mistake */
export function liveConfig(source: ConfigSource, onChange: (config: LogsConfig) => void): LogsConfig {
  const place = placeOf(source)
  watchFile(place, { interval: LOOK_MS, persistent: false }, () => {
    const ofFile = read(place, false, 'those before it stay')
    if (ofFile) onChange(merged(source, ofFile))
  })
  return currentConfig(source)
}

/** As the file says now; where it has mistakes, the defaults. */
export function currentConfig(source: ConfigSource): LogsConfig {
  return merged(source, read(placeOf(source), source.file !== undefined, 'the defaults are used') ?? {})
}

/** @throws Error of the system where there is no file */
export function checkConfig(source: ConfigSource): { readonly place: string; readonly mistakes: readonly Mistake[] } {
  const place = placeOf(source)
  return { place, mistakes: readLogsConfig(readFileSync(place, 'utf8'), place, loadChunk('yaml')).mistakes }
}

const placeOf = ({ file, cwd }: ConfigSource): string => path.resolve(cwd, file ?? NAME)

function merged({ code, cwd }: ConfigSource, ofFile: PartialConfig): LogsConfig {
  return fullConfig({ ...ofFile, folder: code.folder ?? ofFile.folder, level: code.level ?? ofFile.level }, cwd)
}

/** @returns undefined where the file is not there, or has mistakes, which are said */
function read(place: string, isNamed: boolean, instead: string): PartialConfig | undefined {
  let text: string
  try {
    text = readFileSync(place, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (isNamed || code !== 'ENOENT') report('AFN194', `${place} can't be read (${code}); ${instead}`)
    return undefined
  }
  const { config, mistakes } = readLogsConfig(text, place, loadChunk('yaml'))
  for (const { line, column, message } of mistakes)
    report('AFN194', `${place}:${line}:${column} ${message} (${instead})`)
  return mistakes.length === 0 ? config : undefined
}
