-- Answers to questions that wait for a second person.
-- +goose Up
ALTER TABLE approvals ADD COLUMN "answer" TEXT;
