// Alertmanager and our receiver in compose.yaml. Secrets are files, mounted one by one: what a folder holds besides stays outside.
import {
  ALERTS_FILE,
  type Alerting,
  databaseFolder,
  RECEIVER,
  RECEIVER_PORT,
  receiverArguments,
  receiverEnvironment,
  secretsOfAlertmanager,
  secretsOfReceiver,
} from './alerting'
import { SETTINGS_FILE } from './command-settings'
import { always, healthy, onLoopback } from './compose-service'
import type { DataVolume } from './data-volumes'
import { alertmanagerPort, published, RECEIVER_FOLDER } from './hosts'
import { images, ownImage } from './images'
import type { Plan } from './plan'
import { note, type Section } from './yaml-comments'

export const alertServices = (plan: Plan, alerting: Alerting): Record<string, Section> => ({
  alertmanager: alertmanager(plan, alerting),
  ...(alerting.alerts.receiver && { [RECEIVER]: receiver(plan, alerting) }),
})

/** Volumes of compose.yaml for them. */
export const alertVolumes = (alerting: Alerting): DataVolume[] => [
  'alertmanager-data',
  ...(databaseFolder(alerting) ? [`${RECEIVER}-data` as const] : []),
]

export const mounted = (secrets: ReturnType<typeof secretsOfAlertmanager>): string[] =>
  secrets.map(({ file, inContainer }) => `${file.startsWith('/') ? '' : './'}${file}:${inContainer}:ro`)

/** What its container is started with: the file and the folder are those of the image. */
export const alertmanagerArguments = ({ urls }: Plan, more: readonly string[]): string[] => [
  '--config.file=/etc/alertmanager/alertmanager.yml',
  '--storage.path=/alertmanager',
  `--web.external-url=${urls.alertmanager}`,
  '--web.route-prefix=/',
  ...more,
]

const alertmanager = (plan: Plan, alerting: Alerting): Section => ({
  image: images.alertmanager,
  ...always,
  command: note('a single member: it looks for no others', alertmanagerArguments(plan, ['--cluster.listen-address='])),
  ports: [onLoopback(published.alertmanager, alertmanagerPort)],
  volumes: [
    './alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro',
    ...mounted(secretsOfAlertmanager(alerting)),
    'alertmanager-data:/alertmanager',
  ],
  healthcheck: healthy(['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${alertmanagerPort}/-/ready`]),
})

const receiver = (plan: Plan, alerting: Alerting): Section => {
  const data = databaseFolder(alerting)
  return {
    image: ownImage(plan, 'commands'),
    build: { context: './commands' },
    ...always,
    command: receiverArguments(),
    environment: receiverEnvironment,
    ports: note('for acknowledgement links and the runbooks', [onLoopback(published.alerts, RECEIVER_PORT)]),
    volumes: [
      `./commands/${ALERTS_FILE}:${RECEIVER_FOLDER}/${ALERTS_FILE}:ro`,
      `./commands/${SETTINGS_FILE}:${RECEIVER_FOLDER}/${SETTINGS_FILE}:ro`,
      ...mounted(secretsOfReceiver(alerting)),
      `./runbooks:${RECEIVER_FOLDER}/runbooks:ro`,
      ...(data ? [`${RECEIVER}-data:${data}`] : []),
    ],
    healthcheck: healthy([
      'node',
      '-e',
      `fetch('http://127.0.0.1:${RECEIVER_PORT}/healthz').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`,
    ]),
  }
}
