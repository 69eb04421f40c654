// Package store keeps what the fallback identity provider knows in SQLite, or
// in Postgres for hosts of many replicas.
//
// Both are written by one code path in the SQL that they share. What differs is
// in sqlite.go and postgres.go: how to open them, how a transaction begins, and
// which errors mean "again".
//
// Times are kept in microseconds, and come back in UTC; a finer time is cut
// down, and 1970-01-01 00:00:00 UTC comes back as the zero time. Texts must be
// UTF-8 without NUL, which Postgres would refuse. A byte string that is empty
// comes back as nil.
//
// Within the change of an Update nothing else of the store may be called: SQLite
// has one connection that writes, and Count would wait for it for ever. After a
// statement has failed, its transaction does no more.
//
// A transaction is durable when Update returns: SQLite runs with
// synchronous=FULL, Postgres with synchronous_commit=on. When the connection to
// Postgres breaks during a commit, Update returns an error though the change may
// have been made: the caller says so, and a second try finds what is there.
package store
