-- The version that a rollback brought back, so that the next one goes on from there. Rollbacks from before count as versions of their own.
-- +goose Up
ALTER TABLE policies ADD COLUMN "rolled_back_to" BIGINT;
