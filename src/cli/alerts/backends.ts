// Where Alertmanager and Prometheus are, for every command of `afn-otel alerts`.
import { alertmanagerAt } from '../../alerts/api'
import { type Backend, BackendError, httpUrl } from '../../queries/http'
import type { Options } from '../options'

export const alertmanagerOption = {
  alertmanager: {
    type: 'string',
    argument: 'URL',
    help: 'of Alertmanager',
    otherwise: 'AFN_ALERTMANAGER_URL, else http://localhost:9093',
  },
} as const satisfies Options

export const prometheusOption = {
  prometheus: {
    type: 'string',
    argument: 'URL',
    help: 'of Prometheus',
    otherwise: 'AFN_PROMETHEUS_URL, else http://localhost:9090',
  },
} as const satisfies Options

export const alertmanagerOf = (option: string | undefined): Backend =>
  alertmanagerAt(httpUrl(option || process.env.AFN_ALERTMANAGER_URL || 'http://localhost:9093'))

export const prometheusOf = (option: string | undefined): Backend => ({
  name: 'Prometheus',
  url: httpUrl(option || process.env.AFN_PROMETHEUS_URL || 'http://localhost:9090'),
  setBy: '--prometheus URL (or AFN_PROMETHEUS_URL)',
})

/** @returns the exit code: 1, with the reason on stderr, when a backend is not there or says no */
export async function answered(command: string, run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof BackendError)) throw error
    console.error(`afn-otel alerts ${command}: ${error.message}`)
    return 1
  }
}
