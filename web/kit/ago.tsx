import { ago, moment } from "./format";

/** How long ago something was, with the whole moment for who points at it. */
export const Ago = ({ at }: { at: string }) => (
  <time dateTime={at} title={moment(at)}>
    {ago(at)}
  </time>
);
