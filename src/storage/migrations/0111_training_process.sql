-- Which process trains, as base/process.ts names it, so that one that was killed is noticed at once.
ALTER TABLE recommend_runs ADD COLUMN process TEXT;
