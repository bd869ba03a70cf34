-- What a duty that was read is about, its measure, its remedy and the regulations that it names.
-- +goose Up
ALTER TABLE obligations ADD COLUMN "duty" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE obligations ADD COLUMN "metric" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE obligations ADD COLUMN "remedy" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE obligations ADD COLUMN "regulations" JSON;
