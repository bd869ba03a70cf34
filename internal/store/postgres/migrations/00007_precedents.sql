-- What people decided on a field in a business unit, newest first, is read from an index.
-- +goose Up
CREATE INDEX candidates_business_unit_subject_name_state ON candidates ("business_unit", "subject", "name", "state", "id");
