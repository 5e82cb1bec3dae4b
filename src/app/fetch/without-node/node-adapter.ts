// There is no adapter to Node's streams.
type Adapter = typeof import('../../llm/observe/fetch/node-adapter')

export const readsPastReader: Adapter['readsPastReader'] = false
export const isAdapterCalling: Adapter['isAdapterCalling'] = () => false
