// The alert receiver. One replica, since its database is a file; where that is a libSQL server, there may be more.
import {
  ALERTS_FILE,
  type Alerting,
  databaseFolder,
  folderOf,
  RECEIVER,
  RECEIVER_FOLDER,
  RECEIVER_PORT,
  receiverArguments,
  secretsOfReceiver,
} from '../alerting'
import { images } from '../images'
import { note, type Section } from '../yaml-comments'
import { alertSecrets, claim, configMap, locked, object, podTemplate, probe, resources, service } from './object'

export function receiverStore(alerting: Alerting): Section[] {
  const data = databaseFolder(alerting)
  const secrets = folderOf(secretsOfReceiver(alerting)[0])
  return [
    configMap(`${RECEIVER}-config`, { [ALERTS_FILE]: alerting.text }),
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
