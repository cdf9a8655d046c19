import { join } from "node:path";
import type { Purchases } from "../../src/recommend/model/split";
import { readTrainingData, type TrainingData } from "../../src/recommend/train/training-data";
import { openDatabase } from "../../src/storage/open";
import { inFolder, sanset } from "../servers";

/** The orders of a demo shop as its training reads them. */
export function readDemoData(...seedWords: string[]): Promise<TrainingData> {
  return inFolder(async (folder) => {
    await sanset(folder, "seed", ...seedWords);
    const database = await openDatabase({ engine: "sqlite", path: join(folder, "shop.db") });
    try {
      return await readTrainingData(database, () => {}, new Date().toISOString());
    } finally {
      await database.close();
    }
  });
}

export const readDemo = async (): Promise<Purchases> => (await readDemoData()).purchases;
