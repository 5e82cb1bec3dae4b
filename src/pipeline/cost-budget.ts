// The watch over budgets: `afn-otel cost budget` in rounds, as one host and a cluster start it.
import { MONITORING_FILE } from '../config/monitoring-config'
import { alertmanagerPort, RECEIVER_FOLDER } from './alerting'
import { SETTINGS_FILE } from './command-settings'
import { always } from './compose-service'
import { prometheusOf } from './hosts'
import { images } from './images'
import { schedules } from './monitoring'
import type { Plan } from './plan'
import { note, type Section } from './yaml-comments'

export const COST_BUDGET = 'cost-budget'

/**
 * Folder of its database in the container. It is a file of its own: two services that write into one file of SQLite have to be on one
 * host, and in a cluster they need not be.
 */
export const COST_DATA = `${RECEIVER_FOLDER}/data`

/** @param alertmanagers hosts; each of a cluster gets every alert */
export const budgetArguments = (folder: string, alertmanagers: readonly string[]): string[] => [
  'cost',
  'budget',
  '--every',
  `${schedules[COST_BUDGET]}s`,
  '--config',
  `${folder}/${MONITORING_FILE}`,
  ...alertmanagers.flatMap(host => ['--alertmanager', `http://${host}:${alertmanagerPort}`]),
]

/** @param otlp where it reports that a round succeeded */
export const budgetEnvironment = (folder: string, { metrics }: Plan, otlp: string): Record<string, string> => ({
  AFN_CONFIG: `${folder}/${SETTINGS_FILE}`,
  AFN_COST_DATABASE: `${COST_DATA}/cost.db`,
  AFN_PROMETHEUS_URL: `http://${prometheusOf.high}:9090`,
  ...(metrics === 'three' && {
    AFN_PROMETHEUS_MEDIUM: `http://${prometheusOf.medium}:9090`,
    AFN_PROMETHEUS_LOW: `http://${prometheusOf.low}:9090`,
  }),
  AFN_TEMPO_URL: 'http://tempo:3200',
  OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
})

export const costBudget = (plan: Plan): Section => ({
  image: images.commands,
  build: note('AfnJobStale asks after it: it reports each round that succeeded', { context: './commands' }),
  ...always,
  command: budgetArguments(RECEIVER_FOLDER, ['alertmanager']),
  environment: budgetEnvironment(RECEIVER_FOLDER, plan, 'http://otel-collector:4318'),
  volumes: [
    `./${MONITORING_FILE}:${RECEIVER_FOLDER}/${MONITORING_FILE}:ro`,
    `./commands/${SETTINGS_FILE}:${RECEIVER_FOLDER}/${SETTINGS_FILE}:ro`,
    `${COST_BUDGET}-data:${COST_DATA}`,
  ],
})
