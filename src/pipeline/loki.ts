// Called by generate.ts for the cluster profile: Loki with one tenant for each class of log records, since it keeps them
// for as long as their tenant says.
import type { LogClass } from '../tiers'
import { tenant } from './exporters'
import { note, type Section } from './note'
import { placeholder } from './placeholder'
import type { Plan } from './plan'

export const lokiConfig = ({ retention }: Plan): Section => ({
  auth_enabled: note('every read and write then needs X-Scope-OrgID', true),
  server: { http_listen_port: 3100 },
  common: {
    path_prefix: '/loki',
    replication_factor: 1,
    ring: { kvstore: { store: 'inmemory' } },
    storage: {
      s3: note('Loki puts the environment in when it is started with -config.expand-env=true.', {
        bucketnames: placeholder('AFN_LOKI_BUCKET'),
        endpoint: placeholder('AFN_S3_ENDPOINT'),
        region: placeholder('AFN_S3_REGION'),
        access_key_id: placeholder('AFN_S3_ACCESS_KEY'),
        secret_access_key: placeholder('AFN_S3_SECRET_KEY'),
        s3forcepathstyle: true,
      }),
    },
  },
  schema_config: {
    configs: [
      {
        from: '2026-01-01',
        store: 'tsdb',
        object_store: 's3',
        schema: 'v13',
        index: { prefix: 'index_', period: note('retention needs days', '24h') },
      },
    ],
  },
  compactor: {
    working_directory: '/loki/compactor',
    retention_enabled: true,
    delete_request_store: 's3',
  },
  querier: { multi_tenant_queries_enabled: note('X-Scope-OrgID: afn-warn|afn-error', true) },
  limits_config: { allow_structured_metadata: true, retention_period: `${retention.logs.info}d` },
  runtime_config: { file: '/conf/loki-overrides.yaml' },
})

/** loki-overrides.yaml */
export const lokiOverrides = ({ retention }: Plan): Section => ({
  overrides: Object.fromEntries(
    (Object.keys(retention.logs) as LogClass[]).map(logClass => [
      tenant(logClass),
      note(`src/tiers: retention.logs.${logClass}`, { retention_period: `${retention.logs[logClass]}d` }),
    ]),
  ),
})
