/**
 * The geography prefix of an inference profile id, as in `us.anthropic.claude-sonnet-4-6`.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
export const GEOGRAPHIES = 'us-gov|us|eu|apac|jp|au|ca|global'
