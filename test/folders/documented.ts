// Names of variables that the images which are not started here read, as their makers document them. Checked by hand against
// LangFuse 4.16.0 (web/src/env.mjs, packages/shared/src/env.ts, worker/src/env.ts, docker-compose.yml), and against the documentation
// of the others: an image ignores a name that it does not know, and says nothing.

/** https://langfuse.com/self-hosting/configuration, https://langfuse.com/self-hosting/administration/headless-initialization */
const langfuse = [
  'CLICKHOUSE_CLUSTER_ENABLED',
  'CLICKHOUSE_MIGRATION_URL',
  'CLICKHOUSE_PASSWORD',
  'CLICKHOUSE_URL',
  'CLICKHOUSE_USER',
  'DATABASE_URL',
  'ENCRYPTION_KEY',
  'NEXTAUTH_URL',
  'REDIS_AUTH',
  'REDIS_HOST',
  'REDIS_PORT',
  'SALT',
  'TELEMETRY_ENABLED',
  ...['EVENT', 'MEDIA'].flatMap(kind =>
    ['ACCESS_KEY_ID', 'BUCKET', 'ENDPOINT', 'FORCE_PATH_STYLE', 'PREFIX', 'REGION', 'SECRET_ACCESS_KEY'].map(
      part => `LANGFUSE_S3_${kind}_UPLOAD_${part}`,
    ),
  ),
]

/** Image without its tag → names. */
export const documented: Readonly<Record<string, readonly string[]>> = {
  'langfuse/langfuse': [
    ...langfuse,
    'NEXTAUTH_SECRET',
    ...['ORG_ID', 'ORG_NAME', 'PROJECT_ID', 'PROJECT_NAME', 'PROJECT_PUBLIC_KEY', 'PROJECT_SECRET_KEY'].map(
      name => `LANGFUSE_INIT_${name}`,
    ),
    ...['USER_EMAIL', 'USER_NAME', 'USER_PASSWORD'].map(name => `LANGFUSE_INIT_${name}`),
  ],
  'langfuse/langfuse-worker': langfuse,
  // https://hub.docker.com/r/clickhouse/clickhouse-server
  'clickhouse/clickhouse-server': ['CLICKHOUSE_DB', 'CLICKHOUSE_USER', 'CLICKHOUSE_PASSWORD'],
  // https://min.io/docs/minio/linux/reference/minio-server/settings/root-credentials.html
  // and of its client in the same image, https://min.io/docs/minio/linux/reference/minio-mc.html: MC_HOST_ALIAS
  'minio/minio': ['MINIO_ROOT_USER', 'MINIO_ROOT_PASSWORD', 'MC_HOST_local'],
  // https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/: GF_SECTION_KEY
  'grafana/grafana': ['GF_SECURITY_ADMIN_PASSWORD', 'GF_ANALYTICS_REPORTING_ENABLED', 'GF_USERS_ALLOW_SIGN_UP'],
}
