// The settings of an environment alone, where there is no file to read and nobody to say problems to: Workers.
import { type Setting, type Settings, settings } from './settings'

export function settingsOf(env: Readonly<Record<string, unknown>>): Settings {
  const entries = Object.entries(settings as Record<string, Setting<unknown>>).map(
    ([name, { env: names, kind, fallback }]) => {
      const set = names.map(variable => env[variable]).filter(raw => typeof raw === 'string' && raw.trim() !== '')
      const value = set.map(raw => kind.parse(raw)).find(parsed => parsed !== undefined)
      return [name, value ?? fallback]
    },
  )
  return Object.fromEntries(entries) as Settings
}
