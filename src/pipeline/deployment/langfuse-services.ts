// LangFuse and the four stores that it needs, as its own documentation for self-hosting sets them up.
// https://langfuse.com/self-hosting/deployment/docker-compose
import { always, healthy, onLoopback, required } from './compose-service'
import { type DataVolume, RAW_BATCH_DAYS } from './data-volumes'
import { published } from './hosts'
import { images } from './images'
import { placeholder } from './placeholder'
import type { Plan } from './plan'
import { note, type Section } from './yaml-comments'

const bucket = 'langfuse'

/** LangFuse writes each batch down as it came, reads it within minutes, and keeps it for ever, also where its traces are deleted. */
const lifecycle = {
  Rules: [
    { ID: 'raw-batches', Status: 'Enabled', Filter: { Prefix: 'events/otel/' }, Expiration: { Days: RAW_BATCH_DAYS } },
  ],
}

/** LangFuse runs in the same compose project; elsewhere the plan may send to one that the operator has. */
export const hasLangfuse = ({ langfuse, profile }: Plan): boolean => langfuse && profile === 'single'

export function langfuseServices(): { services: Record<string, Section>; volumes: DataVolume[] } {
  const environment = {
    DATABASE_URL: `postgresql://langfuse:${placeholder('LANGFUSE_POSTGRES_PASSWORD')}@langfuse-postgres:5432/langfuse`,
    NEXTAUTH_URL: `http://localhost:${published.langfuse}`,
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
          NEXTAUTH_SECRET: required('LANGFUSE_NEXTAUTH_SECRET', 'any long random text'),
          LANGFUSE_S3_MEDIA_UPLOAD_ENDPOINT: note(
            'in signed URLs: browsers upload and load media directly',
            `http://localhost:${published.langfuseMedia}`,
          ),
          ...firstStart(),
        },
        ports: [onLoopback(published.langfuse, 3000)],
        healthcheck: note(
          'the server listens only on its own address',
          healthy('wget -q -O /dev/null http://$$HOSTNAME:3000/api/public/health?failIfDatabaseUnavailable=true'),
        ),
      },
      'langfuse-worker': {
        ...app,
        image: images.langfuseWorker,
        healthcheck: healthy('wget -q -O /dev/null http://127.0.0.1:3030/api/health'),
      },
      'langfuse-postgres': store(images.postgres, ['pg_isready', '-U', 'langfuse', '-d', 'langfuse'], {
        environment: {
          POSTGRES_USER: 'langfuse',
          POSTGRES_DB: 'langfuse',
          POSTGRES_PASSWORD: required('LANGFUSE_POSTGRES_PASSWORD', "of LangFuse's Postgres; letters and digits"),
        },
        volumes: ['langfuse-postgres:/var/lib/postgresql/data'],
      }),
      'langfuse-clickhouse': store(images.clickhouse, 'wget -q -O /dev/null http://127.0.0.1:8123/ping', {
        environment: {
          CLICKHOUSE_DB: 'default',
          CLICKHOUSE_USER: 'langfuse',
          CLICKHOUSE_PASSWORD: placeholder('LANGFUSE_CLICKHOUSE_PASSWORD'),
        },
        volumes: ['langfuse-clickhouse:/var/lib/clickhouse'],
      }),
      'langfuse-redis': store(images.redis, 'redis-cli ping | grep -q PONG', {
        environment: { REDISCLI_AUTH: placeholder('LANGFUSE_REDIS_PASSWORD') },
        command: note('jobs are queued here: when memory runs out, it refuses new ones instead of dropping any', [
          'redis-server',
          '--requirepass',
          placeholder('LANGFUSE_REDIS_PASSWORD'),
          '--maxmemory',
          '384mb',
          '--maxmemory-policy',
          'noeviction',
          '--appendonly',
          'yes',
        ]),
        volumes: ['langfuse-redis:/data'],
      }),
      'langfuse-minio': store(images.minio, ['mc', 'ready', 'local'], {
        entrypoint: note(
          'creates the bucket before LangFuse starts, and a rule that expires its objects, because LangFuse deletes none',
          ['sh', '-c'],
        ),
        command: [
          `mkdir -p /data/${bucket}; (until mc ready local; do sleep 1; done; echo '${JSON.stringify(lifecycle)}' | mc ilm rule import local/${bucket}) & exec minio server --address :9000 /data`,
        ],
        environment: {
          MC_HOST_local: `http://langfuse:${placeholder('LANGFUSE_MINIO_PASSWORD')}@127.0.0.1:9000`,
          MINIO_ROOT_USER: 'langfuse',
          MINIO_ROOT_PASSWORD: required('LANGFUSE_MINIO_PASSWORD', "of LangFuse's MinIO, 8 characters or more"),
        },
        ports: [onLoopback(published.langfuseMedia, 9000)],
        volumes: ['langfuse-minio:/data'],
      }),
    },
    volumes: ['langfuse-postgres', 'langfuse-clickhouse', 'langfuse-redis', 'langfuse-minio'],
  }
}

/**
 * The first start makes a user, and a project with the keys that the Collector has; a later one changes nothing.
 * https://langfuse.com/self-hosting/administration/headless-initialization
 */
const firstStart = (): Section => ({
  LANGFUSE_INIT_ORG_ID: 'afn-otel',
  LANGFUSE_INIT_ORG_NAME: 'afn-otel',
  LANGFUSE_INIT_PROJECT_ID: 'afn-otel',
  LANGFUSE_INIT_PROJECT_NAME: 'afn-otel',
  LANGFUSE_INIT_PROJECT_PUBLIC_KEY: required('LANGFUSE_PUBLIC_KEY', 'of the project; AFN_LANGFUSE_AUTH has it too'),
  LANGFUSE_INIT_PROJECT_SECRET_KEY: required('LANGFUSE_SECRET_KEY', 'of the project; AFN_LANGFUSE_AUTH has it too'),
  LANGFUSE_INIT_USER_EMAIL: placeholder('LANGFUSE_USER_EMAIL:-admin@example.com'),
  LANGFUSE_INIT_USER_NAME: 'admin',
  LANGFUSE_INIT_USER_PASSWORD: required('LANGFUSE_USER_PASSWORD', 'of the first user, LANGFUSE_USER_EMAIL'),
})

const store = (image: string, test: string | readonly string[], more: Section): Section => ({
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
