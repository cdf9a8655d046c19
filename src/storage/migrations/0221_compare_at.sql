-- What something cost before its sale, or costs elsewhere: shown crossed out beside the price.
ALTER TABLE products ADD COLUMN compare_at_minor {bigint} CONSTRAINT products_compare_at_is_an_amount CHECK (compare_at_minor >= 0);
