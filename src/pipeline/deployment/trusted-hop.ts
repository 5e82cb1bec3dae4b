// The way from agents to gateways. Agents look at the token of
// the apps and take the mark of redacted spans from who has none (trust.ts); gateways believe the mark of agents alone, so
// these have a token of their own.
import { env } from './environment'
import { asClient, asServer } from './mutual-tls'
import type { Plan } from './plan'
import { note, type Section } from './yaml-comments'

/** In the certificate of each gateway: agents connect to addresses. */
export const GATEWAY_NAME = 'otel-gateway-headless'

/** Where gateways listen for agents. */
export const GATEWAY_PORT = 4320

export const gatewayToken = (): Section => ({
  'bearertokenauth/gateway': note(
    'Without a token, the Collector does not start: data that a gateway refuses is lost, because nobody sends it again.',
    {
      token: env('AFN_GATEWAY_TOKEN'),
    },
  ),
})

export const fromAgents = (plan: Plan): Section =>
  note('For the agents, whose token differs from that of the apps.', {
    protocols: {
      grpc: {
        endpoint: env('AFN_OTLP_TRUSTED_GRPC'),
        max_recv_msg_size_mib: 16,
        ...asServer(plan),
        auth: { authenticator: 'bearertokenauth/gateway' },
      },
    },
  })

/** What each exporter of an agent says. */
export const toGateways = (plan: Plan): Section => ({
  tls: asClient(plan, GATEWAY_NAME),
  headers: note('the extension would send the token only over TLS', {
    authorization: `Bearer ${env('AFN_GATEWAY_TOKEN')}`,
  }),
})
