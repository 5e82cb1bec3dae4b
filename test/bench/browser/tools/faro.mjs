import { initializeFaro } from '@grafana/faro-web-sdk'
import { recording } from './faro-recording.mjs'

initializeFaro({ url: `${location.origin}/sink/collect`, app: { name: 'bench' } })
globalThis.tool = recording
