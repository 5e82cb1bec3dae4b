// Where Alertmanager is, for every command of `afn-otel alerts`.
import { alertmanagerAt } from '../../alerts/api'
import { type Backend, httpUrl } from '../../queries/http'
import type { Options } from '../options'

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
