-- The confidence that an extractor gave its reading itself. What was read before has none, and teaches nothing.
-- +goose Up
ALTER TABLE candidates ADD COLUMN "own_confidence" JSON;
