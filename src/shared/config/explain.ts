// The settings as a person reads them, with their values: `afn-otel config --explain`.
import { withoutCredentials } from './credentials'
import { docs } from './docs'
import { attributes, url } from './kinds'
import type { Provenance, Resolved } from './resolve'
import { type SettingName, settings } from './settings'

type Redact = (key: string, value: string) => unknown

/** A value as text; secrets are never printed. */
export function shown(name: SettingName, value: unknown, redact: Redact): string {
  if (value === undefined) return '(not set)'
  const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
  if (settings[name].secret && !empty) return '(set, secret)'
  if (Array.isArray(value)) return value.join(',') || '(none)'
  if (typeof value === 'object' && value !== null) {
    const isAttributes = settings[name].kind === attributes
    return (
      Object.entries(value)
        .map(([key, item]) => `${key}=${isAttributes ? redact(key, String(item)) : item}`)
        .join(',') || '(none)'
    )
  }
  return settings[name].kind === url ? withoutCredentials(String(value)) : String(value)
}

function cameFrom({ source, at }: Provenance, file: string | undefined): string {
  if (source === 'env') return `environment ${at}`
  if (source === 'file') return `${file} ${at}`
  return source
}

export interface ExplainedSetting {
  readonly name: SettingName
  readonly env: readonly string[]
  readonly file: string
  readonly value: string
  readonly from: string
  readonly allowed: string
  readonly doc: string
}

/**
 * Every setting with its value in words and where that came from.
 * @param redact what may be shown of a resource attribute
 */
export function explain({ settings: values, provenance, file }: Resolved, redact: Redact): ExplainedSetting[] {
  return (Object.keys(settings) as SettingName[]).map(name => ({
    name,
    env: settings[name].env,
    file: settings[name].file,
    value: shown(name, values[name], redact),
    from: cameFrom(provenance[name], file),
    allowed: settings[name].kind.allowed,
    doc: docs[name],
  }))
}
