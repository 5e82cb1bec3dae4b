import { parse } from 'yaml'
import { resolve } from '../shared/config/resolve'
import type { Settings } from '../shared/config/settings'

/** The settings of a command. What is wrong with one is written to stderr, a line each: a key that is too short, for example, is not used. */
export function readSettings(): Settings {
  const { settings, problems } = resolve({ env: process.env, cwd: process.cwd(), parseYaml: parse })
  for (const { code, message } of problems) console.error(`${code} ${message}`)
  return settings
}
