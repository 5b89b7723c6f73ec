package storage

import (
	"database/sql"

	"viewfinder/storage/internal/db"
)

// Reader is the part of a project that changes nothing: its views, concepts, images, datapoints and suggestions, and how many there are. It can be
// handed to whoever shows them. It is closed with its Project.
type Reader struct {
	dir    string
	reader *sql.DB
	read   *db.Queries
}
