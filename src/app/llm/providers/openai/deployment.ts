// Azure OpenAI names a deployment in the path; it is then the only name that the request has.
const DEPLOYMENT = /\/openai\/deployments\/([^/]+)\//

export function deploymentOf(url: URL): string | undefined {
  const name = DEPLOYMENT.exec(url.pathname)?.[1]
  if (name === undefined) return undefined
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
