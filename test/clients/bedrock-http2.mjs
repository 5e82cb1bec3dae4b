// Bedrock's client as it comes: HTTP/2, by node:http2.
import { runBedrock } from './bedrock.mjs'

runBedrock({}, true)
