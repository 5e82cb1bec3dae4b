// Prometheus, where a command's options name it, and how a command ends when a backend does not answer.
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

/** @throws Error when the URL is none */
export const prometheusOf = (option: string | undefined): Backend => ({
  name: 'Prometheus',
  url: httpUrl(option || process.env.AFN_PROMETHEUS_URL || 'http://localhost:9090'),
  setBy: '--prometheus URL (or AFN_PROMETHEUS_URL)',
})

/**
 * @param command without `afn-otel`
 * @param work gives the exit code
 * @returns the exit code: 1 when a backend is not there or refuses, which is said in one line
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
