// The way from agents to gateways. Agents look at the token of
// the apps and take the mark of redacted spans from who has none (trust.ts); gateways believe the mark of agents alone, so
// these have a token of their own.
import { env } from './environment'
import { note, type Section } from './yaml-comments'

/** Where gateways listen for agents. */
export const GATEWAY_PORT = 4320

export const gatewayToken = (): Section => ({
  'bearertokenauth/gateway': note('No token, no start: what a gateway refuses is lost, since nobody sends it again.', {
    token: env('AFN_GATEWAY_TOKEN'),
  }),
})

export const fromAgents = (): Section =>
  note('The agents, whose token is not that of the apps.', {
    protocols: {
      grpc: {
        endpoint: env('AFN_OTLP_TRUSTED_GRPC'),
        max_recv_msg_size_mib: 16,
        auth: { authenticator: 'bearertokenauth/gateway' },
      },
    },
  })

/** What each exporter of an agent says. */
export const toGateways = (): Section => ({
  tls: { insecure: true },
  headers: note('the extension would send the token over TLS alone', {
    authorization: `Bearer ${env('AFN_GATEWAY_TOKEN')}`,
  }),
})
