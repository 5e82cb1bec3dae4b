// Alertmanager, two replicas that form one cluster, so that a node that goes takes no notification with it.
import { alertmanagerArguments } from '../alert-services'
import { folderOf, type SecretFile } from '../alerting'
import { ALERTMANAGERS, alertmanagerPort } from '../hosts'
import { images } from '../images'
import type { Plan } from '../plan'
import { note, type Section } from '../yaml-comments'
import {
  alertSecrets,
  claim,
  configMap,
  headless,
  locked,
  object,
  podTemplate,
  probe,
  resources,
  service,
} from './object'

const NAME = 'alertmanager'
/** By which its members talk to each other. */
export const GOSSIP_PORT = 9094

export function alertmanagerStore(plan: Plan, config: string, secrets: readonly SecretFile[]): Section[] {
  const folder = folderOf(secrets[0])
  return [
    configMap(`${NAME}-config`, { 'alertmanager.yml': config }),
    service(NAME, { http: alertmanagerPort }),
    headless(
      NAME,
      { http: alertmanagerPort, gossip: GOSSIP_PORT },
      note('members must find each other before they are ready', true),
    ),
    object('apps/v1', 'StatefulSet', NAME, {
      spec: {
        serviceName: `${NAME}-headless`,
        replicas: note('rules/afn-pipeline.yml expects this number', ALERTMANAGERS),
        podManagementPolicy: 'Parallel',
        ...podTemplate(NAME, {
          containers: [
            {
              name: NAME,
              image: images.alertmanager,
              args: alertmanagerArguments(plan, [
                `--cluster.listen-address=0.0.0.0:${GOSSIP_PORT}`,
                `--cluster.peer=${NAME}-headless:${GOSSIP_PORT}`,
              ]),
              env: [],
              ports: [
                { name: 'http', containerPort: alertmanagerPort },
                { name: 'gossip', containerPort: GOSSIP_PORT },
              ],
              readinessProbe: probe('/-/ready', alertmanagerPort),
              ...resources('50m', '256Mi'),
              volumeMounts: [
                { name: 'conf', mountPath: '/etc/alertmanager', readOnly: true },
                ...(folder ? [{ name: 'secrets', mountPath: folder, readOnly: true }] : []),
                { name: 'data', mountPath: '/alertmanager' },
              ],
              ...locked(),
            },
          ],
          volumes: [{ name: 'conf', configMap: { name: `${NAME}-config` } }, ...(folder ? [alertSecrets()] : [])],
        }),
        volumeClaimTemplates: [claim('data', '1Gi')],
      },
    }),
    object('policy/v1', 'PodDisruptionBudget', NAME, {
      spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': NAME } } },
    }),
  ]
}
