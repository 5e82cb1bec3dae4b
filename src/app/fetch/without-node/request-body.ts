// A body of a request is read by the engine while it is sent, past any hook: so it is read before.
type RequestBody = typeof import('../../llm/observe/fetch/request-body')

export const seesWhatIsSent: RequestBody['seesWhatIsSent'] = false

export const watchRequest: RequestBody['watchRequest'] = () => {}
