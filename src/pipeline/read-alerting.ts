// slo.yaml, alerts-config.yaml and monitoring-config.json, as `afn-otel generate` and doctor find them.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { askTools } from '../alerts/check'
import { readAlerts } from '../alerts/read'
import { MONITORING_FILE } from '../config/monitoring-config'
import type { Settings } from '../config/settings'
import { sloFiles } from '../config/slo-files'
import { readSloFiles } from '../slo/files'
import { ALERTS_FILE, type Alerting, defaultAlertsFile, defaultMonitoringFile, problemsInFolder } from './alerting'

interface FoundFile {
  readonly path: string
  readonly text: string
}

export interface ReadAlerting {
  /** Undefined where there is a mistake. */
  readonly alerting: Alerting | undefined
  /** As FILE:LINE:COLUMN and a sentence. */
  readonly mistakes: readonly string[]
  /** alerts-config.yaml, where there is one. */
  readonly alertsFile: FoundFile | undefined
  /** monitoring-config.json, where there is one: its mistakes are not among these. */
  readonly monitoringFile: FoundFile | undefined
}

/** @param folders in which files are looked for, in this order; SLOs are looked for in the first alone */
export function readAlerting(
  folders: readonly [string, ...string[]],
  settings: Pick<Settings, 'sloFiles'>,
): ReadAlerting {
  const [first] = folders
  const shown = (file: string) => path.relative(process.cwd(), file)
  const slos = readSloFiles(sloFiles(settings, first))
  const alertsFile = found(folders, ALERTS_FILE)
  const monitoringFile = found(folders, MONITORING_FILE)
  // not what the files of secrets hold: who generates a folder need not have them
  const alerts = alertsFile
    ? readAlerts(alertsFile.text, (file, config) => void askTools(file, config, path.dirname(alertsFile.path)))
    : readAlerts(defaultAlertsFile)
  const inFiles = [
    ...slos.mistakes,
    ...alerts.mistakes.map(mistake => ({ file: alertsFile?.path ?? ALERTS_FILE, ...mistake })),
  ]
  const mistakes = [
    ...inFiles.map(({ file, line, column, message }) => `${shown(file)}:${line}:${column} ${message}`),
    ...(alerts.config ? problemsInFolder(alerts.config) : []).map(problem => `${ALERTS_FILE}: ${problem}`),
  ]
  return {
    alerting:
      mistakes.length === 0 && alerts.config
        ? {
            slos: slos.slos,
            alerts: alerts.config,
            text: alertsFile?.text ?? defaultAlertsFile,
            monitoring: monitoringFile?.text ?? defaultMonitoringFile,
          }
        : undefined,
    mistakes,
    alertsFile,
    monitoringFile,
  }
}

function found(folders: readonly string[], name: string): FoundFile | undefined {
  const at = folders.map(folder => path.join(folder, name)).find(file => existsSync(file))
  return at === undefined ? undefined : { path: at, text: readFileSync(at, 'utf8') }
}
