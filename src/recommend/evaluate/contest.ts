import { type Model, type ProductStatistics, statisticsOf } from "../model/customer-vector";
import { type History, historyIn } from "../model/history";
import { type Answers, answerSheet, type Examination } from "../model/metrics";
import { noNeighbours } from "../model/neighbours";
import type { Weighed } from "../model/ranking";
import { addNear, addTaste, vectorOf } from "../model/score";
import type { Pairs } from "../model/purchases";
import { newestDayOf } from "../model/time";
import { factorsKey, neighboursKey, type TrainedParts, trainModel } from "../model/train-model";
import type { TrainingSettings } from "../schema";
import { tidyUp } from "./tidy-up";

/** A way to recommend, on trial. */
export interface Contender {
  readonly name: string;
  readonly settings: TrainingSettings;
}

export interface ContestOptions {
  parts?: TrainedParts | undefined;
  afterStep?: (() => void | Promise<void>) | undefined;
  /** Whose factors are to tell how their training went. */
  watched?: { settings: TrainingSettings; learning: number[] } | undefined;
}

/** Of a larger shop the room that a training worked in is given back at once. */
const PURCHASES_TO_TIDY_AFTER = 200_000;

/** How well each contender foretold what the customers asked about took later, in the contenders' order. */
export async function contest(
  train: Pairs,
  examination: Examination,
  contenders: readonly Contender[],
  { parts = new Map(), afterStep, watched }: ContestOptions = {},
): Promise<Answers[]> {
  const models: Model[] = [];
  for (const { settings } of contenders) {
    const known = parts.size;
    const isWatched = watched && factorsKey(watched.settings) === factorsKey(settings);
    models.push(await trainModel(train, settings, afterStep, parts, isWatched ? watched : {}));
    if (parts.size > known && train.products.length > PURCHASES_TO_TIDY_AFTER) tidyUp();
  }
  const opinionsOf = opinions(models);
  const sheets = models.map(() => answerSheet(examination));
  const historyOf = historyIn(train, newestDayOf(train));
  for (const [at, question] of examination.questions.entries()) {
    const opinionFor = opinionsOf(historyOf(question.customer));
    models.forEach((model, place) => {
      const { factors_weight, neighbours_weight, trend_weight } = model.options;
      const parts: Weighed[] = [{ scores: model.trend, weight: trend_weight }];
      if (model.factors > 0) parts.push({ scores: opinionFor.taste(model), weight: factors_weight });
      if (model.neighbours.products.length > 0)
        parts.push({ scores: opinionFor.near(model), weight: neighbours_weight });
      sheets[place]?.add(question, parts);
    });
    if (at % 50 === 0) await afterStep?.();
  }
  return sheets.map((sheet) => sheet.done());
}

/** What the parts of the models make of each product for one history after the other: contenders that share a part share its answer. */
function opinions(models: readonly Model[]) {
  const statistics = new Map<string, ProductStatistics>();
  const rooms = new Map<string, Float32Array>();
  for (const model of models) {
    const of = (key: string, part: Model) => {
      if (!statistics.has(key)) statistics.set(key, statisticsOf(part));
    };
    const settings = model.options as TrainingSettings;
    if (model.factors > 0) of(factorsKey(settings), { ...model, neighbours: noNeighbours(model.trend.length) });
    if (model.neighbours.products.length > 0)
      of(neighboursKey(settings), { ...model, factors: 0, products: new Float32Array() });
  }
  const roomFor = (key: string, size: number) => {
    const room = rooms.get(key) ?? new Float32Array(size);
    rooms.set(key, room);
    return room.fill(0);
  };
  return (history: History) => {
    const answered = new Map<string, Float32Array>();
    const once = (key: string, model: Model, fill: (room: Float32Array) => void): Float32Array => {
      const known = answered.get(key);
      if (known) return known;
      const room = roomFor(key, model.trend.length);
      fill(room);
      answered.set(key, room);
      return room;
    };
    return {
      taste: (model: Model) => {
        const key = factorsKey(model.options as TrainingSettings);
        const known = statistics.get(key)!;
        return once(`${key} ${queryKey(model)}`, model, (room) => {
          addTaste(known, vectorOf(model, known, history), 1, room);
        });
      },
      near: (model: Model) => {
        const key = neighboursKey(model.options as TrainingSettings);
        return once(`${key} ${queryKey(model)}`, model, (room) => {
          addNear(model, statistics.get(key)!, history, 1, room);
        });
      },
    };
  };
}

function queryKey({ options: { recency_half_life_days, recency_floor, order_decay } }: Model): string {
  return [recency_half_life_days, recency_floor, order_decay].join();
}
