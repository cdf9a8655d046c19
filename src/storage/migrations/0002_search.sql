-- Search -----------------------------------------------------------------------------------------------------------

-- What is searched, a row for each product in the catalog: the stems of its words, folded, a space before and after each.
-- `ascii` splits at spaces and keeps every other script as it is: the words were made before (search/fold.ts).
-- only sqlite
CREATE VIRTUAL TABLE search_index USING fts5 (name, brand, category, description, attributes, tokenize = 'ascii', prefix = '1 2');
-- end
-- only postgres
CREATE TABLE search_index (
  product_id  INTEGER  PRIMARY KEY REFERENCES products (id),
  name        TEXT     NOT NULL,
  brand       TEXT     NOT NULL,
  category    TEXT     NOT NULL,
  description TEXT     NOT NULL,
  attributes  TEXT     NOT NULL,
  -- The same words, with their places and the field they are from.
  words       TSVECTOR NOT NULL
);

CREATE INDEX search_index_words ON search_index USING gin (words);
-- end

-- Every word of letters that products have had, to correct misspellings to.
CREATE TABLE search_words (
  id   {id},
  word {text} NOT NULL UNIQUE
);

-- Words and phrases that mean the same.
CREATE TABLE search_synonyms (
  -- The number of what they mean: rows that share it are synonyms.
  meaning INTEGER NOT NULL,
  phrase  TEXT    NOT NULL,
  -- The phrase as it is compared: folded and stemmed.
  stems   {text}  NOT NULL,
  PRIMARY KEY (stems, meaning)
) {rowidless};

CREATE INDEX search_synonyms_by_meaning ON search_synonyms (meaning);

-- What was searched and not found, for the shopkeeper.
CREATE TABLE search_misses (
  words     {text}   PRIMARY KEY,
  times     {bigint} NOT NULL CHECK (times > 0),
  missed_at TEXT     NOT NULL
);

CREATE INDEX search_misses_by_time ON search_misses (missed_at);
