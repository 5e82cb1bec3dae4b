import { version as packageVersion, peerDependencies } from '../../package.json'

export const version: string = packageVersion
/** The least that the embedded backend takes, with which it was tried. */
export const duckdbVersion = (): string => /[\d.]+(-r\.\d+)?/.exec(peerDependencies['@duckdb/node-api'])![0]
