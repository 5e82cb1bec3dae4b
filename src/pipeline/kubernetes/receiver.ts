// Called by index.ts: the alert receiver. One replica, since its database is a file; where that is a libSQL server, there may be more.
import { posix } from 'node:path'
import {
  ALERTS_FILE,
  type Alerting,
  databaseFolder,
  RECEIVER,
  RECEIVER_FOLDER,
  RECEIVER_PORT,
  receiverArguments,
  secretsOfReceiver,
} from '../alerting'
import { images } from '../images'
import { note, type Section } from '../note'
import { alertSecrets, claim, configMap, locked, object, podTemplate, probe, resources, service } from './object'

/** @param text of alerts-config.yaml */
export function receiverStore(alerting: Alerting, text: string): Section[] {
  if (!alerting.alerts.receiver) return []
  const data = databaseFolder(alerting)
  const [secrets] = secretsOfReceiver(alerting).map(({ inContainer }) => posix.dirname(inContainer))
  return [
    configMap(`${RECEIVER}-config`, { [ALERTS_FILE]: text }),
    service(RECEIVER, { http: RECEIVER_PORT }),
    object('apps/v1', 'StatefulSet', RECEIVER, {
      spec: {
        serviceName: RECEIVER,
        replicas: 1,
        ...podTemplate(RECEIVER, {
          containers: [
            {
              name: RECEIVER,
              image: images.commands,
              args: receiverArguments(),
              env: [],
              ports: [{ name: 'http', containerPort: RECEIVER_PORT }],
              readinessProbe: probe('/healthz', RECEIVER_PORT),
              ...resources('50m', '256Mi'),
              volumeMounts: [
                { name: 'conf', mountPath: `${RECEIVER_FOLDER}/${ALERTS_FILE}`, subPath: ALERTS_FILE, readOnly: true },
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
