// Where a call was served, as far as that has a price.

/** The region in the name of the provider's host; undefined for a host that serves the whole world. */
export function regionOf(provider: string, host: string | undefined): string | undefined {
  return host === undefined ? undefined : regions[provider]?.exec(host)?.slice(1).find(Boolean)
}

const regions: Readonly<Record<string, RegExp>> = {
  openai: /^([a-z]{2})\.api\.openai\.com$/,
  'gcp.vertex_ai': /^(?:([a-z0-9-]+)-aiplatform|aiplatform\.([a-z0-9-]+)\.rep)\.googleapis\.com$/,
  'aws.bedrock': /^bedrock[a-z-]*\.([a-z0-9-]+)\./,
}
