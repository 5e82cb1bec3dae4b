// Alertmanager and our receiver in compose.yaml. Secrets are files, mounted one by one: what a folder holds besides stays outside.
import { type Alerting, alertmanagerPort, secretsOfAlertmanager } from './alerting'
import { always, healthy, onLoopback } from './compose-service'
import { published, urlOf } from './hosts'
import { images } from './images'
import { note, type Section } from './note'

export const alertServices = (alerting: Alerting): Record<string, Section> => ({ alertmanager: alertmanager(alerting) })

const mounted = (secrets: ReturnType<typeof secretsOfAlertmanager>): string[] =>
  secrets.map(({ file, inContainer }) => `${file.startsWith('/') ? '' : './'}${file}:${inContainer}:ro`)

/** What its container is started with: the file and the folder are those of the image. */
export const alertmanagerArguments = (more: readonly string[]): string[] => [
  '--config.file=/etc/alertmanager/alertmanager.yml',
  '--storage.path=/alertmanager',
  `--web.external-url=${urlOf(published.alertmanager)}`,
  ...more,
]

const alertmanager = (alerting: Alerting): Section => ({
  image: images.alertmanager,
  ...always,
  command: note('one alone: no other member is looked for', alertmanagerArguments(['--cluster.listen-address='])),
  ports: [onLoopback(published.alertmanager, alertmanagerPort)],
  volumes: [
    './alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro',
    ...mounted(secretsOfAlertmanager(alerting)),
    'alertmanager-data:/alertmanager',
  ],
  healthcheck: healthy(['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${alertmanagerPort}/-/ready`]),
})
