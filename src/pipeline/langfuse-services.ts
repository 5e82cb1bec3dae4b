// Called by compose.ts: LangFuse and the four stores that it needs, as its own documentation for self-hosting sets them up.
import { always, healthy, onLoopback, required } from './compose-service'
import { published } from './hosts'
import { images } from './images'
import { note, type Section } from './note'
import { placeholder } from './placeholder'

const bucket = 'langfuse'

export function langfuseServices(): { services: Section; volumes: Section } {
  const environment = {
    DATABASE_URL: `postgresql://langfuse:${placeholder('LANGFUSE_POSTGRES_PASSWORD')}@langfuse-postgres:5432/langfuse`,
    SALT: required('LANGFUSE_SALT', 'any long random text'),
    ENCRYPTION_KEY: required('LANGFUSE_ENCRYPTION_KEY', '64 hexadecimal digits (openssl rand -hex 32)'),
    TELEMETRY_ENABLED: 'false',
    CLICKHOUSE_MIGRATION_URL: 'clickhouse://langfuse-clickhouse:9000',
    CLICKHOUSE_URL: 'http://langfuse-clickhouse:8123',
    CLICKHOUSE_USER: 'langfuse',
    CLICKHOUSE_PASSWORD: required('LANGFUSE_CLICKHOUSE_PASSWORD', "of LangFuse's ClickHouse"),
    CLICKHOUSE_CLUSTER_ENABLED: 'false',
    REDIS_HOST: 'langfuse-redis',
    REDIS_PORT: '6379',
    REDIS_AUTH: required('LANGFUSE_REDIS_PASSWORD', "of LangFuse's Redis"),
    ...objectStore('LANGFUSE_S3_EVENT_UPLOAD', 'events/'),
    ...objectStore('LANGFUSE_S3_MEDIA_UPLOAD', 'media/'),
  }
  const after = ['postgres', 'clickhouse', 'redis', 'minio'].map(store => [
    `langfuse-${store}`,
    { condition: 'service_healthy' },
  ])
  const app = { ...always, environment, depends_on: Object.fromEntries(after) }
  return {
    services: {
      langfuse: {
        ...app,
        image: images.langfuse,
        environment: {
          ...environment,
          NEXTAUTH_URL: `http://localhost:${published.langfuse}`,
          NEXTAUTH_SECRET: required('LANGFUSE_NEXTAUTH_SECRET', 'any long random text'),
        },
        ports: [onLoopback(published.langfuse, 3000)],
        healthcheck: healthy('wget -qO- http://$$HOSTNAME:3000/api/public/health'),
      },
      'langfuse-worker': { ...app, image: images.langfuseWorker },
      'langfuse-postgres': store(images.postgres, 'pg_isready -U langfuse', {
        environment: {
          POSTGRES_USER: 'langfuse',
          POSTGRES_DB: 'langfuse',
          POSTGRES_PASSWORD: required('LANGFUSE_POSTGRES_PASSWORD', "of LangFuse's Postgres; letters and digits"),
        },
        volumes: ['langfuse-postgres:/var/lib/postgresql/data'],
      }),
      'langfuse-clickhouse': store(images.clickhouse, 'wget -qO- http://localhost:8123/ping', {
        environment: {
          CLICKHOUSE_DB: 'default',
          CLICKHOUSE_USER: 'langfuse',
          CLICKHOUSE_PASSWORD: placeholder('LANGFUSE_CLICKHOUSE_PASSWORD'),
        },
        volumes: ['langfuse-clickhouse:/var/lib/clickhouse'],
      }),
      'langfuse-redis': store(images.redis, 'redis-cli -a $$REDIS_AUTH ping | grep -q PONG', {
        environment: { REDIS_AUTH: placeholder('LANGFUSE_REDIS_PASSWORD') },
        command: ['sh', '-c', 'exec redis-server --requirepass "$$REDIS_AUTH" --maxmemory-policy noeviction'],
      }),
      'langfuse-minio': store(images.minio, 'mc ready local', {
        entrypoint: note('the bucket has to be there before LangFuse is', ['sh', '-c']),
        command: [`mkdir -p /data/${bucket} && exec minio server --address :9000 /data`],
        environment: {
          MINIO_ROOT_USER: 'langfuse',
          MINIO_ROOT_PASSWORD: required('LANGFUSE_MINIO_PASSWORD', "of LangFuse's MinIO, 8 characters or more"),
        },
        volumes: ['langfuse-minio:/data'],
      }),
    },
    volumes: { 'langfuse-postgres': {}, 'langfuse-clickhouse': {}, 'langfuse-minio': {} },
  }
}

const store = (image: string, test: string, more: Section): Section => ({
  image,
  ...always,
  ...more,
  healthcheck: healthy(test),
})

const objectStore = (prefix: string, folder: string): Section => ({
  [`${prefix}_BUCKET`]: bucket,
  [`${prefix}_REGION`]: 'auto',
  [`${prefix}_ENDPOINT`]: 'http://langfuse-minio:9000',
  [`${prefix}_ACCESS_KEY_ID`]: 'langfuse',
  [`${prefix}_SECRET_ACCESS_KEY`]: placeholder('LANGFUSE_MINIO_PASSWORD'),
  [`${prefix}_FORCE_PATH_STYLE`]: 'true',
  [`${prefix}_PREFIX`]: folder,
})
