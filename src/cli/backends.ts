// The options for Prometheus, and the exit of a command whose backend does not answer.
import { type Backend, BackendError, httpUrl } from '../shared/queries/http'
import type { Options } from './options'

export const prometheusOption = {
  prometheus: {
    type: 'string',
    argument: 'URL',
    help: 'of Prometheus',
    otherwise: 'AFN_PROMETHEUS_URL, else http://localhost:9090',
  },
} as const satisfies Options

/** @throws Error if the URL is invalid */
export const prometheusOf = (option: string | undefined): Backend => ({
  name: 'Prometheus',
  url: httpUrl(option || process.env.AFN_PROMETHEUS_URL || 'http://localhost:9090'),
  setBy: '--prometheus URL (or AFN_PROMETHEUS_URL)',
})

/**
 * @param command without `afn-otel`
 * @param work returns the exit code
 * @returns the exit code: 1 with a one-line message if a backend is unreachable or rejects the request
 */
export async function answering(command: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof BackendError)) throw error
    console.error(`afn-otel ${command}: ${error.message}`)
    return 1
  }
}
