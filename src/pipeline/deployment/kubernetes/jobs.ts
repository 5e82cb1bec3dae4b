// `afn-otel jobs`. One pod, whose database is a file on a disk of its own: no job runs twice at once.
import { MONITORING_FILE } from '../../../shared/config/monitoring-config'
import type { Alerting } from '../alerting'
import { commandSettings, SETTINGS_FILE } from '../command-settings'
import { ownImage } from '../images'
import {
  JOBS,
  JOBS_DATA,
  JOBS_DISK,
  JOBS_FILE,
  JOBS_FOLDER,
  JOBS_PORT,
  jobsArguments,
  jobsEnvironment,
  jobsTable,
  knowsLangfuse,
} from '../jobs'
import type { Plan } from '../plan'
import { note, type Section } from '../yaml-comments'
import { configMap, fromSecret, locked, object, plain, podTemplate, probe, resources } from './object'

export function jobs(plan: Plan, alerting: Alerting, by: string): Section[] {
  const files = {
    [MONITORING_FILE]: alerting.monitoring,
    [SETTINGS_FILE]: commandSettings(plan, by),
    [JOBS_FILE]: jobsTable(plan, alerting.alerts.language, by),
  }
  return [
    configMap(`${JOBS}-config`, files),
    object('v1', 'PersistentVolumeClaim', JOBS_DISK, {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
    object('apps/v1', 'Deployment', JOBS, {
      spec: {
        replicas: 1,
        strategy: note('the next pod may run on another node, which can only attach the disk once this pod has ended', {
          type: 'Recreate',
        }),
        ...podTemplate(JOBS, {
          containers: [
            {
              name: JOBS,
              image: ownImage(plan, 'commands'),
              args: jobsArguments,
              env: [
                ...plain(jobsEnvironment(plan, 'otel-agent-edge')),
                ...(knowsLangfuse(plan)
                  ? [
                      fromSecret('LANGFUSE_HOST', 'AFN_LANGFUSE'),
                      fromSecret('LANGFUSE_PUBLIC_KEY'),
                      fromSecret('LANGFUSE_SECRET_KEY'),
                    ]
                  : []),
              ],
              ports: [{ name: 'http', containerPort: JOBS_PORT }],
              readinessProbe: probe('/healthz', JOBS_PORT),
              ...resources('100m', '512Mi'),
              volumeMounts: [
                { name: 'conf', mountPath: JOBS_FOLDER, readOnly: true },
                { name: 'data', mountPath: JOBS_DATA },
                { name: 'tmp', mountPath: '/tmp' },
              ],
              ...locked(),
            },
          ],
          volumes: [
            { name: 'conf', configMap: { name: `${JOBS}-config` } },
            { name: 'data', persistentVolumeClaim: { claimName: JOBS_DISK } },
            { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
          ],
        }),
      },
    }),
  ]
}
