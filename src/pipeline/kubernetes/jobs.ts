// What runs now and then. `concurrencyPolicy: Forbid` is the lease of reconcile in a cluster: two that ran at
// once would push the same spans twice.
import { commandSettings, SETTINGS_FILE } from '../command-settings'
import { images } from '../images'
import { schedules } from '../monitoring'
import type { Plan } from '../plan'
import { note, type Section } from '../yaml-comments'
import { configMap, fromSecret, labelsOf, locked, object, plain, podSpec, resources } from './object'

export const jobs = (plan: Plan, by: string): Section[] => [
  configMap(SETTINGS, { [SETTINGS_FILE]: commandSettings(plan, by) }),
  job(
    'reconcile',
    '*/10 * * * *',
    ['reconcile', '--since', '1h'],
    [...plain({ AFN_TEMPO_URL: 'http://tempo:3200', AFN_TEMPO_OTLP_URL: 'http://tempo:4318' })],
  ),
  ...(plan.langfuse
    ? [
        job(
          'langfuse-janitor',
          '17 3 * * *',
          ['langfuse', 'janitor'],
          [
            fromSecret('LANGFUSE_HOST', 'AFN_LANGFUSE'),
            fromSecret('LANGFUSE_PUBLIC_KEY'),
            fromSecret('LANGFUSE_SECRET_KEY'),
          ],
        ),
      ]
    : []),
]

const OTLP_PORT = 4318
const SETTINGS = 'commands-config'
const FOLDER = '/etc/afn-otel/config'

function job(
  name: Exclude<keyof typeof schedules, 'cost-budget'>,
  schedule: string,
  args: readonly string[],
  env: readonly Section[],
): Section {
  return object('batch/v1', 'CronJob', name, {
    spec: {
      schedule,
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: note('the next run looks at the same hour again', 0),
          activeDeadlineSeconds: 900,
          template: {
            metadata: { labels: labelsOf(name) },
            spec: podSpec({
              restartPolicy: 'Never',
              containers: [
                {
                  name,
                  image: images.commands,
                  args,
                  env: [
                    ...plain({
                      AFN_CACHE_DIR: '/tmp/afn-otel',
                      AFN_CONFIG: `${FOLDER}/${SETTINGS_FILE}`,
                      OTEL_EXPORTER_OTLP_ENDPOINT: `http://otel-agent-edge:${OTLP_PORT}`,
                      AFN_JOB_INTERVAL: `${schedules[name] / 60}m`,
                    }),
                    ...env,
                  ],
                  ...resources('100m', '512Mi'),
                  volumeMounts: [
                    { name: 'conf', mountPath: FOLDER, readOnly: true },
                    { name: 'tmp', mountPath: '/tmp' },
                  ],
                  ...locked(),
                },
              ],
              volumes: [
                { name: 'conf', configMap: { name: SETTINGS } },
                { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
              ],
            }),
          },
        },
      },
    },
  })
}
