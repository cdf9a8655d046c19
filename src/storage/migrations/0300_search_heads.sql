-- Search: what a product says it is ---------------------------------------------------------------------------------------

-- only postgres
-- An index of words does not know in which field a word stands: each row that has it anywhere was read to see. So the words of
-- the name, the brand and the category are there once more, with N, B or C before them. Words were made before, of letters and
-- digits in lower case; beyond its last position a tsvector keeps none apart.
CREATE FUNCTION search_head(name TEXT, brand TEXT, category TEXT) RETURNS TSVECTOR LANGUAGE sql IMMUTABLE AS $$
  SELECT CAST(COALESCE(string_agg('''' || field.sign || found.word || ''':' || LEAST(found.at, 16383) || field.label, ' '), '') AS TSVECTOR)
  FROM (VALUES ('N', name, 'A'), ('B', brand, 'B'), ('C', category, 'C')) AS field (sign, words, label),
    unnest(string_to_array(field.words, ' ')) WITH ORDINALITY AS found (word, at)
  WHERE found.word <> ''
$$;

DROP INDEX search_index_words;
UPDATE search_index SET words = search_head(name, brand, category) || words;
CREATE INDEX search_index_words ON search_index USING gin (words);

-- What is written over a row that is there has come this way as well.
CREATE FUNCTION search_head_is_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.words := search_head(NEW.name, NEW.brand, NEW.category) || NEW.words;;
  RETURN NEW;;
END
$$;

CREATE TRIGGER search_head_is_added BEFORE INSERT ON search_index FOR EACH ROW EXECUTE FUNCTION search_head_is_added();

-- The same without all else, thirty rows on a page: what is asked of these words alone, as while somebody types, reads no more.
-- Triggers keep it; a foreign key would lock, and so write, each row of the other once more.
CREATE TABLE search_index_heads (
  product_id INTEGER  PRIMARY KEY,
  name       TEXT     NOT NULL,
  words      TSVECTOR NOT NULL
);

INSERT INTO search_index_heads (product_id, name, words)
SELECT product_id, name, search_head(name, brand, category) FROM search_index;

CREATE INDEX search_index_heads_words ON search_index_heads USING gin (words);

CREATE FUNCTION search_head_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_index_heads WHERE product_id = OLD.product_id;;
    RETURN NULL;;
  END IF;;
  INSERT INTO search_index_heads (product_id, name, words)
  VALUES (NEW.product_id, NEW.name, search_head(NEW.name, NEW.brand, NEW.category))
  ON CONFLICT (product_id) DO UPDATE SET name = excluded.name, words = excluded.words;;
  RETURN NULL;;
END
$$;

CREATE TRIGGER search_head_is_kept AFTER INSERT OR DELETE ON search_index FOR EACH ROW EXECUTE FUNCTION search_head_is_kept();

CREATE TRIGGER search_head_is_kept_anew AFTER UPDATE OF name, brand, category ON search_index
FOR EACH ROW WHEN (OLD.name <> NEW.name OR OLD.brand <> NEW.brand OR OLD.category <> NEW.category)
EXECUTE FUNCTION search_head_is_kept();
-- end
