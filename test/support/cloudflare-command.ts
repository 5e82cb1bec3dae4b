// `afn-otel cloudflare …` of the packed package as a child process, against the stand-in.

import type { CloudflareServer } from './cloudflare-server'
import { makeApp } from './packed'
import { type Run, run } from './run'

/** As wrangler reads them too. */
export const environmentOf = ({ base, token, zoneId, accountId }: CloudflareServer) => ({
  CLOUDFLARE_API_BASE_URL: base,
  CLOUDFLARE_API_TOKEN: token,
  CLOUDFLARE_ZONE_ID: zoneId,
  CLOUDFLARE_ACCOUNT_ID: accountId,
})

/** Path of the command in a folder of `makeApp`. */
export const cli = 'node_modules/@afn/otel/dist/cli.cjs'

export const appFolder = (): string => makeApp({ files: {} })

export const afnOtelCloudflare = (
  folder: string,
  server: CloudflareServer,
  args: string[],
  env: Record<string, string> = {},
): Promise<Run> =>
  run(folder, [cli, 'cloudflare', ...args], { env: { HOME: folder, ...environmentOf(server), ...env } })
