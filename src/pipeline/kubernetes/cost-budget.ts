// The watch over budgets. One pod, whose database is a file on a disk of its own.
import { MONITORING_FILE } from '../../config/monitoring-config'
import type { Alerting } from '../alerting'
import { commandSettings, SETTINGS_FILE } from '../command-settings'
import { budgetArguments, budgetEnvironment, COST_BUDGET, COST_DATA } from '../cost-budget'
import { images } from '../images'
import type { Plan } from '../plan'
import { note, type Section } from '../yaml-comments'
import { ALERTMANAGERS } from './alertmanager'
import { configMap, locked, object, plain, podTemplate, resources } from './object'

const FOLDER = '/etc/afn-otel/config'
const DISK = `${COST_BUDGET}-data`

export function costBudget(plan: Plan, alerting: Alerting, by: string): Section[] {
  const members = Array.from({ length: ALERTMANAGERS }, (_, n) => `alertmanager-${n}.alertmanager-headless`)
  return [
    configMap(`${COST_BUDGET}-config`, {
      [MONITORING_FILE]: alerting.monitoring,
      [SETTINGS_FILE]: commandSettings(plan, by),
    }),
    object('v1', 'PersistentVolumeClaim', DISK, {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
    object('apps/v1', 'Deployment', COST_BUDGET, {
      spec: {
        replicas: 1,
        strategy: note('the next pod may run on another node, which gets the disk when this one is gone', {
          type: 'Recreate',
        }),
        ...podTemplate(COST_BUDGET, {
          containers: [
            {
              name: COST_BUDGET,
              image: images.commands,
              args: budgetArguments(FOLDER, members),
              env: plain(budgetEnvironment(FOLDER, plan, 'http://otel-agent-edge:4318')),
              ...resources('50m', '256Mi'),
              volumeMounts: [
                { name: 'conf', mountPath: FOLDER, readOnly: true },
                { name: 'data', mountPath: COST_DATA },
              ],
              ...locked(),
            },
          ],
          volumes: [
            {
              name: 'conf',
              configMap: note('as a folder: kubelet brings each change of it', { name: `${COST_BUDGET}-config` }),
            },
            { name: 'data', persistentVolumeClaim: { claimName: DISK } },
          ],
        }),
      },
    }),
  ]
}
