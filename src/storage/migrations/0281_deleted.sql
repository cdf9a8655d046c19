-- What left the catalog, the latest first, so that it can be found and taken back.
CREATE INDEX products_deleted ON products (deleted_at, id) WHERE deleted_at IS NOT NULL;
