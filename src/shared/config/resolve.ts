// Turns code, environment, file and defaults into one frozen set of settings that knows where each value came from.
import { readSettingsFile, type SettingsFile, unknownPaths, valueAt } from './file'
import { shown } from './kinds'
import { type Setting, type SettingName, type Settings, settings } from './settings'

export type Source = 'code' | 'env' | 'file' | 'default'

/** Where a value came from: `env` with the variable's name, `file` with the path in it. */
export interface Provenance {
  readonly source: Source
  readonly at?: string
}

export interface Problem {
  readonly code: 'AFN110' | 'AFN111'
  readonly message: string
}

export interface Resolved {
  readonly settings: Settings
  readonly provenance: Readonly<Record<SettingName, Provenance>>
  readonly problems: readonly Problem[]
  readonly file?: string
}

export interface Input {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly code?: Partial<Settings>
  readonly parseYaml: (text: string) => unknown
}

/**
 * Code wins over environment, environment over file, file over default. A value that is not allowed is a problem, and
 * the next source counts; of a list only the members that are not allowed are left out.
 */
export function resolve(input: Input): Resolved {
  const problems: Problem[] = []
  const file = openFile(input, problems)
  const values: Record<string, unknown> = {}
  const provenance = {} as Record<SettingName, Provenance>
  for (const name of Object.keys(settings) as SettingName[]) {
    const found = find(name, settings[name] as Setting<unknown>, input, file, problems)
    values[name] = found.value
    provenance[name] = found.provenance
  }
  return Object.freeze({
    settings: Object.freeze(values) as Settings,
    provenance,
    problems,
    ...(file && { file: file.path }),
  })
}

/** Parts of the file that are no settings of the app: `pipeline` changes what `afn-otel generate` writes. */
const sectionsOfTheCli = ['pipeline']

function openFile(input: Input, problems: Problem[]): SettingsFile | undefined {
  try {
    const file = readSettingsFile(input.env.AFN_CONFIG || undefined, input.cwd, input.parseYaml)
    const known = new Set([...Object.values(settings).map(setting => setting.file), ...sectionsOfTheCli])
    for (const path of file ? unknownPaths(file.values, known) : []) {
      problems.push({
        code: 'AFN111',
        message: `${file?.path}: "${path}" is no setting; \`afn-otel config --explain\` lists them`,
      })
    }
    return file
  } catch (error) {
    problems.push({ code: 'AFN111', message: (error as Error).message })
    return undefined
  }
}

function find(
  name: SettingName,
  setting: Setting<unknown>,
  input: Input,
  file: SettingsFile | undefined,
  problems: Problem[],
): { value: unknown; provenance: Provenance } {
  const fromCode = input.code?.[name]
  if (fromCode !== undefined) {
    const value = read(fromCode, `settings.${name}`, setting, problems)
    if (value !== undefined) return { value, provenance: { source: 'code' } }
  }
  for (const variable of setting.env) {
    // a test or a preload may have put a plain object in the place of process.env, with values of any kind
    const raw: string | undefined = input.env[variable] && String(input.env[variable])
    if (raw === undefined || raw.trim() === '') continue
    const value = read(raw, variable, setting, problems)
    if (value !== undefined) return { value, provenance: { source: 'env', at: variable } }
  }
  const raw = file && valueAt(file.values, setting.file)
  if (file && raw !== undefined && raw !== null) {
    const value = read(raw, `${file.path}: ${setting.file}`, setting, problems)
    if (value !== undefined) return { value, provenance: { source: 'file', at: setting.file } }
  }
  return { value: setting.fallback, provenance: { source: 'default' } }
}

/** @param at where the value stands, for the problems that it has */
function read(raw: unknown, at: string, { kind, secret }: Setting<unknown>, problems: Problem[]): unknown {
  const parts: string[] = []
  const value = kind.parse(raw, part => parts.push(part))
  const report = (message: string) => problems.push({ code: 'AFN110', message: `${message}; use ${kind.allowed}` })
  if (value !== undefined) for (const part of parts) report(`${at}: ${part}`)
  else {
    const shownValue = secret ? 'the value given' : (kind.print ?? shown)(raw)
    report(`${at}=${shownValue} is not allowed${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`)
  }
  return value
}
