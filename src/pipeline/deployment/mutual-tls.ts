// TLS on the way from agents over gateways to Tempo, by certificates of which each side has its own and looks at the other's.
import { env } from './environment'
import { note, type Section } from './yaml-comments'

export const issuerKinds = ['ClusterIssuer', 'Issuer'] as const

export interface Tls {
  /** Of cert-manager, which signs the certificates; '' where nothing is encrypted. */
  readonly issuer: string
  readonly kind: (typeof issuerKinds)[number]
}

/** The part of a plan that is read here, which reads this file. */
type Encrypted = Readonly<{ tls: Tls }>

export const noTls: Tls = { issuer: '', kind: 'ClusterIssuer' }

/** The files of a Secret that cert-manager keeps. */
const files = { cert_file: 'tls.crt', key_file: 'tls.key' } as const
const CA = 'ca.crt'
/** Where Tempo has them, which knows no variables of ours. */
export const TEMPO_TLS = '/etc/tempo/tls'

/** @throws Error that names the path, what stands there, and what is allowed */
export function checkedTls(tls: Tls, path: string, isCluster: boolean): Tls {
  if (tls.issuer !== '' && !isCluster)
    throw new Error(`${path}.issuer is ${tls.issuer}, and cert-manager is a part of a cluster; take it out`)
  if (tls.issuer !== '' && !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(tls.issuer))
    throw new Error(`${path}.issuer is ${JSON.stringify(tls.issuer)}; write the name of an issuer of cert-manager`)
  if (!issuerKinds.includes(tls.kind))
    throw new Error(`${path}.kind is ${JSON.stringify(tls.kind)}; write ${issuerKinds.join(' or ')}`)
  return tls
}

const own = (folder: string): Section => ({
  ...Object.fromEntries(Object.entries(files).map(([key, file]) => [key, `${folder}/${file}`])),
  reload_interval: note('uses a renewed certificate without a restart', '1m'),
})

/** @param serverName in the server's certificate, where the connection goes to an address */
export const asClient = ({ tls }: Encrypted, serverName?: string): Section =>
  tls.issuer === ''
    ? { insecure: true }
    : {
        ca_file: note('read at startup: a new certificate authority requires a restart', `${env('AFN_TLS_DIR')}/${CA}`),
        ...own(env('AFN_TLS_DIR')),
        ...(serverName !== undefined && { server_name_override: serverName }),
      }

/** Nothing where nothing is encrypted. */
export const asServer = ({ tls }: Encrypted, folder = env('AFN_TLS_DIR')): Section =>
  tls.issuer === ''
    ? {}
    : {
        tls: {
          ...own(folder),
          client_ca_file: note('clients without a certificate of this authority are refused', `${folder}/${CA}`),
          client_ca_file_reload: true,
        },
      }
