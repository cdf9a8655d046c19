import type { FileProgress } from "../files";
import type { DecimalSign } from "../numbers";
import type { Outcome } from "./outcome";

export interface ProductsOptions {
  /** Says what would be done, and does nothing. */
  dryRun?: boolean;
  /** Changes what is there as the file says it, by slug or code. */
  update?: boolean;
  map?: readonly string[];
  guess?: boolean;
  encoding?: string | undefined;
  decimal?: DecimalSign | undefined;
  weightUnit?: string | undefined;
  keepHtml?: boolean;
  skipDrafts?: boolean;
  /** What is sold without being counted has so many. */
  stock?: number;
  /** Of products that the file puts into none. */
  category?: string;
  progress?: FileProgress;
  /** Answers with the report also where not one row could be taken. */
  tellAll?: boolean;
  /** Hears of every product of the file. */
  report?: (outcome: Outcome) => void;
}
