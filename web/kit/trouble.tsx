import type { Answer } from "./answer";
import { failureOf } from "./api";
import * as words from "../words/kit";

/** What went wrong when something was asked for, and the way on. What was there before stays on the page. */
export function Trouble({ of }: { of: Pick<Answer<unknown>, "failure" | "again"> }) {
  if (of.failure === undefined) return null;
  const { detail, requestId } = failureOf(of.failure);
  return (
    <div class="trouble" role="alert">
      <span>
        {detail} {requestId && <small class="quiet">{words.request(requestId)}</small>}
      </span>
      <button type="button" onClick={of.again}>
        {words.tryAgain}
      </button>
    </div>
  );
}
