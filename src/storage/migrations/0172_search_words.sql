-- Search: words as they are ----------------------------------------------------------------------------------------------

-- only postgres
-- Ranking reads the vectors of a thousand products: packed or kept apart they take ten times as long to read.
-- Rows that are there are written anew when the index is.
ALTER TABLE search_index ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE search_index SET (toast_tuple_target = 8160);
-- end
