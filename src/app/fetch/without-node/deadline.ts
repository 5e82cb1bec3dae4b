// Which timer a turn belongs to is told by Node alone. `AbortSignal.timeout()` says elsewhere, by the name of its error, that a deadline has passed.
export const isDeadline: typeof import('../../llm/observe/deadline').isDeadline = () => false
