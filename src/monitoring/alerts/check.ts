/** All that can be said of an `alerts-config.yaml` before it is used: by itself, by its secrets, by amtool and by promtool. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { stringify } from 'yaml'
import { alertmanagerConfig } from './alertmanager'
import type { AlertsConfig } from './config'
import { defaultReceiver, RECEIVER_TOKEN } from './defaults'
import type { RawFile } from './raw'
import { type AlertsFile, readAlerts } from './read'
import { ruleFile } from './rules'
import { checkSecretFiles } from './secret-files'
import { askAmtool, askPromtool } from './tools'

export interface CheckedAlerts extends AlertsFile {
  /** amtool and promtool, with their versions, where they have looked at it. */
  readonly tools: readonly string[]
}

/** @param folder that of the file */
export function checkAlerts(text: string, folder: string): CheckedAlerts {
  let tools: string[] = []
  const further = (file: RawFile, config: AlertsConfig) => {
    checkSecretFiles(file, folder)
    tools = askTools(file, config, folder)
  }
  const tokenFile = existsSync(path.join(folder, RECEIVER_TOKEN)) ? RECEIVER_TOKEN : undefined
  const checked = readAlerts(text, further, { ...defaultReceiver, tokenFile })
  return { ...checked, tools }
}

/**
 * Adds to the mistakes of the file what amtool and promtool refuse, where they are.
 * @returns those that were there, with their versions
 */
export function askTools(file: RawFile, config: AlertsConfig, folder: string): string[] {
  return [ofAmtool(file, config, folder), ofPromtool(file, config)].filter(tool => tool !== undefined)
}

function ofAmtool(file: RawFile, config: AlertsConfig, folder: string): string | undefined {
  const configuration = alertmanagerConfig(config, { secret: name => path.resolve(folder, name) })
  const { tool, refusals } = askAmtool(stringify(configuration), config.alertmanager)
  for (const refusal of refusals) file.wrong([], `amtool rejects the Alertmanager configuration: ${refusal}`)
  return tool
}

function ofPromtool(file: RawFile, config: AlertsConfig): string | undefined {
  const rules = ruleFile({ ...config, receiver: undefined })
  if (!rules) return undefined
  const { tool, refusals } = askPromtool(stringify(rules))
  for (const refusal of refusals) {
    const [, rule, what = refusal] = /group "alerts-config", rule (\d+), "\w*": (.*)$/.exec(refusal) ?? []
    const part = what.startsWith('could not parse expression')
      ? ['expr']
      : /^(annotation|label)/.test(what)
        ? [`${what.split(' ', 1)[0]}s`]
        : []
    file.wrong(
      rule === undefined ? ['rules'] : ['rules', Number(rule) - 1, ...part],
      `promtool rejects this rule: ${what}`,
    )
  }
  return tool
}
