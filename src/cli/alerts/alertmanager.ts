// The address of Alertmanager for all commands of `afn-otel alerts`.
import { alertmanagerAt } from '../../monitoring/alerts/api'
import { planOf } from '../../pipeline/deployment/plan'
import { type Backend, httpUrl } from '../../shared/queries/http'
import type { Options } from '../options'
import { pipelineSettings } from '../pipeline-settings'

export const alertmanagerOption = {
  alertmanager: {
    type: 'string',
    argument: 'URL',
    help: 'of Alertmanager',
    otherwise: 'AFN_ALERTMANAGER_URL, else http://localhost:9093',
  },
} as const satisfies Options

export const alertmanagerOf = (option: string | undefined): Backend =>
  alertmanagerAt(httpUrl(option || process.env.AFN_ALERTMANAGER_URL || 'http://localhost:9093'))

/** The URL at which this host reaches `afn-otel alerts serve`. */
export const receiverUrl = (option?: string): string =>
  httpUrl(option || process.env.AFN_ALERTS_URL || planOf('single', pipelineSettings()).urls.receiver).replace(
    /\/+$/,
    '',
  )
