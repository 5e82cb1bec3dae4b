// A client of the official conformance suite, on either generation of the SDK: `node client.mjs 1 URL`, with the scenario in the environment. It logs
// in where it is asked to, and calls every tool that the server has.
const generation = process.argv[2]
const sdk = '@modelcontextprotocol/sdk'
const load = async () => {
  if (generation === '2') return import('@modelcontextprotocol/client')
  const paths = [
    'client/index.js',
    'client/streamableHttp.js',
    'client/auth-extensions.js',
    'client/auth.js',
    'types.js',
  ]
  return Object.assign({}, ...(await Promise.all(paths.map(path => import(`${sdk}/${path}`)))))
}
const {
  Client,
  StreamableHTTPClientTransport,
  ClientCredentialsProvider,
  PrivateKeyJwtProvider,
  UnauthorizedError,
  ElicitRequestSchema,
} = await load()
const url = new URL(process.argv.at(-1))
const scenario = process.env.MCP_CONFORMANCE_SCENARIO
const given = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}')

/** Follows the redirect that a person would follow in a browser. */
class Person {
  redirectUrl = 'http://localhost:3000/callback'
  clientMetadataUrl = 'https://conformance-test.local/client-metadata.json'
  clientMetadata = {
    client_name: 'conformance',
    redirect_uris: [this.redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
  #client = given.client_id && { client_id: given.client_id, client_secret: given.client_secret }
  clientInformation = () => this.#client
  saveClientInformation = client => {
    this.#client = client
  }
  tokens = () => this.#tokens
  #tokens
  saveTokens = tokens => {
    this.#tokens = tokens
  }
  saveCodeVerifier = verifier => {
    this.#verifier = verifier
  }
  #verifier
  codeVerifier = () => this.#verifier
  async redirectToAuthorization(to) {
    const { headers } = await fetch(to, { redirect: 'manual' })
    this.code = new URL(headers.get('location')).searchParams.get('code')
  }
}
function providerOf() {
  if (scenario === 'auth/client-credentials-jwt')
    return new PrivateKeyJwtProvider({
      clientId: given.client_id,
      privateKey: given.private_key_pem,
      algorithm: given.signing_algorithm ?? 'ES256',
    })
  if (scenario === 'auth/client-credentials-basic')
    return new ClientCredentialsProvider({ clientId: given.client_id, clientSecret: given.client_secret })
  return scenario.startsWith('auth/') ? new Person() : undefined
}
const capabilities = { elicitation: { applyDefaults: true, form: { applyDefaults: true } } }
const client = new Client({ name: 'conformance', version: '1' }, { capabilities })
client.setRequestHandler(generation === '2' ? 'elicitation/create' : ElicitRequestSchema, async () => ({
  action: 'accept',
  content: {},
}))
const authProvider = providerOf()
const transport = () => new StreamableHTTPClientTransport(url, { authProvider })
let current = transport()
/** As often as somebody is asked to log in, and not for ever. */
async function act(what) {
  for (let tries = 0; ; tries++)
    try {
      return await what()
    } catch (error) {
      if (!(error instanceof UnauthorizedError) || !authProvider?.code || tries > 3) throw error
      await current.finishAuth(authProvider.code)
      if (!client.transport) current = transport()
    }
}
await act(() => client.connect(current))
const { tools } = await act(() => client.listTools())
for (const { name } of tools)
  await act(() => client.callTool({ name, arguments: name === 'add_numbers' ? { a: 5, b: 3 } : {} }))
await client.close()
