-- A large model lies in pieces ------------------------------------------------------------------------------------------------

-- What of a model's content is beyond its first megabyte. Read in one, a model of a hundred thousand products holds up a server
-- for a tenth of a second.
CREATE TABLE recommend_model_pieces (
  model_id  INTEGER NOT NULL REFERENCES recommend_models (id) ON DELETE CASCADE,
  piece     INTEGER NOT NULL CONSTRAINT recommend_model_pieces_from_one CHECK (piece >= 1),
  content   {bytes} NOT NULL,
  PRIMARY KEY (model_id, piece)
);
