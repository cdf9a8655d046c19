/** What a call is part of, by W3C's Trace Context: one trace goes through a storefront, its proxy and this shop. */
export interface Trace {
  trace_id: string;
  /** The caller's own part of it. */
  parent_span_id: string;
}

/** Version, trace, span, flags; a later version may have more behind them. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;

/** The trace that a caller says the request is part of. Undefined where they say none, or none that is well written. */
export function traceOf(request: Request): Trace | undefined {
  const [, trace_id, parent_span_id] = TRACEPARENT.exec(request.headers.get("traceparent") ?? "") ?? [];
  return trace_id === undefined || parent_span_id === undefined ? undefined : { trace_id, parent_span_id };
}
