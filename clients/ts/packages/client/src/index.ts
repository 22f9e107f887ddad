export { createClient, type ClientOptions, type ReadOptions, type SeseragiClient, type StreamInput } from "./client.js";
export type { TokenRequest, TokenSource } from "./credentials.js";
export { DpopKey, openDpopKey, provingFetch, type DpopSource, type ProofTarget } from "./dpop.js";
export { ConnectionLostError, GenerationError, IntegrityError, SeseragiError } from "./errors.js";
export type { StreamEvent } from "./reader.js";
export { DEFAULT_RETRY, type RetryPolicy } from "./retry.js";
export type { FinishReason, StreamMetrics, StreamState, StreamStatus, ToolCallState } from "./state.js";
export type { InferStream } from "./stream.js";
export {
  Finish,
  OnDisconnect,
  type CancelReply,
  type ListModelsReply_Model as Model,
  type StreamInfo,
  type Terminal,
  type Usage,
} from "./gen/infer_pb.js";
