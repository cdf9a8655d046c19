-- Every order pays for an index on all of its payments, and nearly all have one. The one that counts, and those of before,
-- have theirs: who wants all of them looks into both.
DROP INDEX payments_by_order;
