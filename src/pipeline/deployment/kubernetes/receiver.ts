// The alert receiver. One replica, since its database is a file; where that is a libSQL server, there may be more.
import {
  ALERTS_FILE,
  type Alerting,
  databaseFolder,
  folderOf,
  RECEIVER,
  RECEIVER_PORT,
  receiverArguments,
  receiverEnvironment,
  secretsOfReceiver,
} from '../alerting'
import { commandSettings, SETTINGS_FILE } from '../command-settings'
import { RECEIVER_FOLDER } from '../hosts'
import { ownImage } from '../images'
import type { Plan } from '../plan'
import { note, type Section } from '../yaml-comments'
import { alertSecrets, claim, configMap, locked, object, plain, podTemplate, probe, resources, service } from './object'

export function receiverStore(plan: Plan, alerting: Alerting, by: string): Section[] {
  const data = databaseFolder(alerting)
  const secrets = folderOf(secretsOfReceiver(alerting)[0])
  return [
    configMap(`${RECEIVER}-config`, {
      [ALERTS_FILE]: alerting.text,
      [SETTINGS_FILE]: commandSettings(plan, by),
    }),
    service(RECEIVER, { http: RECEIVER_PORT }),
    object('apps/v1', 'StatefulSet', RECEIVER, {
      spec: {
        serviceName: RECEIVER,
        replicas: 1,
        ...podTemplate(RECEIVER, {
          containers: [
            {
              name: RECEIVER,
              image: ownImage(plan, 'commands'),
              args: receiverArguments(),
              env: plain(receiverEnvironment),
              ports: [{ name: 'http', containerPort: RECEIVER_PORT }],
              readinessProbe: probe('/healthz', RECEIVER_PORT),
              ...resources('50m', '256Mi'),
              volumeMounts: [
                ...[ALERTS_FILE, SETTINGS_FILE].map(file => ({
                  name: 'conf',
                  mountPath: `${RECEIVER_FOLDER}/${file}`,
                  subPath: file,
                  readOnly: true,
                })),
                { name: 'runbooks', mountPath: `${RECEIVER_FOLDER}/runbooks`, readOnly: true },
                ...(secrets ? [{ name: 'secrets', mountPath: secrets, readOnly: true }] : []),
                ...(data ? [{ name: 'data', mountPath: data }] : []),
              ],
              ...locked(),
            },
          ],
          volumes: [
            { name: 'conf', configMap: { name: `${RECEIVER}-config` } },
            { name: 'runbooks', configMap: { name: 'afn-otel-runbooks', optional: note('made from runbooks/', true) } },
            ...(secrets ? [alertSecrets()] : []),
          ],
        }),
        ...(data && { volumeClaimTemplates: [claim('data', '1Gi')] }),
      },
    }),
  ]
}
