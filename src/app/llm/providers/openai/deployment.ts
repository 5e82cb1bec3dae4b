// Azure OpenAI has the deployment in the path, which is then the only model name in the request.
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
