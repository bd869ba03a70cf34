-- Which obligation and which check-in a mail was about, and what became of it.
-- +goose Up
ALTER TABLE notifications ADD COLUMN "obligation_id" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE notifications ADD COLUMN "due_on" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE notifications ADD COLUMN "level" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notifications ADD COLUMN "check_in" TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX notifications_obligation_id_created_at ON notifications ("obligation_id", "created_at" NULLS FIRST, "id");
CREATE INDEX notifications_check_in_created_at ON notifications ("check_in", "created_at" NULLS FIRST, "id");
