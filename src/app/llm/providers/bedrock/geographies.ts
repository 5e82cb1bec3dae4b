/**
 * What stands before the model in the id of an inference profile, as in `us.anthropic.claude-sonnet-4-6`.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
export const GEOGRAPHIES = 'us-gov|us|eu|apac|jp|au|ca|global'
