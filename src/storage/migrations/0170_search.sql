-- Search that understands shoppers ---------------------------------------------------------------------------------------

-- Whether asking for this phrase finds the others with the same meaning (0), or it is only found by asking for those (1).
ALTER TABLE search_synonyms ADD COLUMN is_only_found INTEGER NOT NULL DEFAULT 0
  CONSTRAINT search_synonyms_is_only_found_is_a_flag CHECK (is_only_found IN (0, 1));

-- By which rules the words of the index were made: where they are others now, it is made anew.
CREATE TABLE search_state (
  id    INTEGER PRIMARY KEY CONSTRAINT search_state_is_one_row CHECK (id = 1),
  rules TEXT    NOT NULL
);

-- A shop without products has an index of any rules.
INSERT INTO search_state (id, rules) SELECT 1, '2 en' WHERE NOT EXISTS (SELECT 1 FROM products);
