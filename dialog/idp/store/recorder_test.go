package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// recorder stands between SQLite and the system, and notes what is written to
// the files of a folder and when that is synced. SQLite calls it through the
// pointers of its VFS; the translated C takes Go's functions there.
type recorder struct {
	mutex      sync.Mutex
	folder     string
	operations []operation
	open       map[uintptr]string  // the name of each open sqlite3_file
	original   map[uintptr]uintptr // the methods of each open sqlite3_file
	altered    map[uintptr]uintptr // methods to their recording copy
	openFile   func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32
	deleteFile func(*libc.TLS, uintptr, uintptr, int32) int32
	keep       []any // the functions, of which SQLite has only the addresses
}

// operation is what was done to a file.
type operation struct {
	kind   int
	file   string
	offset int64 // of a write; the size of a truncation; how many operations before are synced
	bytes  []byte
}

// Kinds of operations.
const (
	written = iota
	truncated
	synced
	deleted
	reported // to the caller: a step is done
)

// recording is made SQLite's default once; it minds only the folder it watches.
var recording = sync.OnceValue(func() *recorder {
	r := &recorder{open: map[uintptr]string{}, original: map[uintptr]uintptr{}, altered: map[uintptr]uintptr{}}
	tls := libc.NewTLS()
	standard := sqlite3.Xsqlite3_vfs_find(tls, 0)
	vfs := copyOf[sqlite3.Tsqlite3_vfs](tls, standard)
	name, err := libc.CString("recorder")
	if err != nil {
		panic(err)
	}
	at[sqlite3.Tsqlite3_vfs](vfs).FzName = name
	r.openFile = function[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](at[sqlite3.Tsqlite3_vfs](vfs).FxOpen)
	r.deleteFile = function[func(*libc.TLS, uintptr, uintptr, int32) int32](at[sqlite3.Tsqlite3_vfs](vfs).FxDelete)
	at[sqlite3.Tsqlite3_vfs](vfs).FxOpen, at[sqlite3.Tsqlite3_vfs](vfs).FxDelete = r.address(r.xOpen), r.address(r.xDelete)
	if code := sqlite3.Xsqlite3_vfs_register(tls, vfs, 1); code != sqlite3.SQLITE_OK {
		panic(code)
	}
	return r
})

// at is what an address of C's points to.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

func copyOf[T any](tls *libc.TLS, address uintptr) uintptr {
	made := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(*at[T](address))))
	*at[T](made) = *at[T](address)
	return made
}

// function is the Go function at an address of C's.
func function[F any](address uintptr) F {
	return *(*F)(unsafe.Pointer(&struct{ uintptr }{address}))
}

// address is what C calls a Go function by.
func (r *recorder) address(function any) uintptr {
	r.keep = append(r.keep, function)
	return (*[2]uintptr)(unsafe.Pointer(&function))[1]
}

func (r *recorder) xOpen(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32 {
	code := r.openFile(tls, vfs, name, file, flags, outFlags)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	path := ""
	if name != 0 {
		path = libc.GoString(name)
	}
	if code != sqlite3.SQLITE_OK || r.folder == "" || !strings.HasPrefix(path, r.folder) {
		delete(r.open, file)
		return code
	}
	methods := at[sqlite3.Tsqlite3_file](file).FpMethods
	r.open[file], r.original[file] = filepath.Base(path), methods
	if r.altered[methods] == 0 {
		r.altered[methods] = copyOf[sqlite3.Tsqlite3_io_methods](tls, methods)
		altered := at[sqlite3.Tsqlite3_io_methods](r.altered[methods])
		altered.FxWrite, altered.FxTruncate, altered.FxSync = r.address(r.xWrite), r.address(r.xTruncate), r.address(r.xSync)
	}
	at[sqlite3.Tsqlite3_file](file).FpMethods = r.altered[methods]
	return code
}

func (r *recorder) xDelete(tls *libc.TLS, vfs, name uintptr, syncFolder int32) int32 {
	code := r.deleteFile(tls, vfs, name, syncFolder)
	path := libc.GoString(name)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if code == sqlite3.SQLITE_OK && r.folder != "" && strings.HasPrefix(path, r.folder) {
		r.operations = append(r.operations, operation{kind: deleted, file: filepath.Base(path)})
	}
	return code
}

// methods are those of the system, for a file.
func (r *recorder) methods(file uintptr) *sqlite3.Tsqlite3_io_methods {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return at[sqlite3.Tsqlite3_io_methods](r.original[file])
}

func (r *recorder) xWrite(tls *libc.TLS, file, bytes uintptr, size int32, offset int64) int32 {
	code := function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](r.methods(file).FxWrite)(tls, file, bytes, size, offset)
	r.note(file, operation{kind: written, offset: offset, bytes: append([]byte(nil), unsafe.Slice(at[byte](bytes), size)...)})
	return code
}

func (r *recorder) xTruncate(tls *libc.TLS, file uintptr, size int64) int32 {
	code := function[func(*libc.TLS, uintptr, int64) int32](r.methods(file).FxTruncate)(tls, file, size)
	r.note(file, operation{kind: truncated, offset: size})
	return code
}

// xSync counts what was written before it began.
func (r *recorder) xSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	r.mutex.Lock()
	before := len(r.operations)
	r.mutex.Unlock()
	code := function[func(*libc.TLS, uintptr, int32) int32](r.methods(file).FxSync)(tls, file, flags)
	if code == sqlite3.SQLITE_OK {
		r.note(file, operation{kind: synced, offset: int64(before)})
	}
	return code
}

func (r *recorder) note(file uintptr, operation operation) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	operation.file = r.open[file]
	r.operations = append(r.operations, operation)
}

// report notes that a step was reported as done.
func (r *recorder) report() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.operations = append(r.operations, operation{kind: reported})
}

// watch begins a recording of the files in a folder, none of which is open yet.
func (r *recorder) watch(folder string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.folder, r.operations = folder, nil
}

// taken returns the recording since watch.
func (r *recorder) taken() []operation {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return append([]operation(nil), r.operations...)
}

// survives says which sectors of a write, or whether a truncation, that was not
// synced outlives the loss of power.
type survives func() bool

const sector = 512

// afterPowerLoss writes the files as they may be after the first operations. That
// files were made and deleted is taken as synced: SQLite does so only while it
// makes a database, and syncs the folder with the first sync of the WAL.
func afterPowerLoss(t *testing.T, operations []operation, unsynced survives) (folder string) {
	t.Helper()
	durable := map[string]int{} // how many operations on a file are synced
	for _, operation := range operations {
		if operation.kind == synced {
			durable[operation.file] = max(durable[operation.file], int(operation.offset))
		}
	}
	files := map[string][]byte{}
	for i, operation := range operations {
		survives := func() bool { return i < durable[operation.file] || unsynced() }
		switch operation.kind {
		case written:
			files[operation.file] = writeSectors(files[operation.file], operation, survives)
		case deleted:
			delete(files, operation.file)
		case truncated:
			if survives() {
				files[operation.file] = files[operation.file][:min(len(files[operation.file]), int(operation.offset))]
			}
		}
	}
	folder = t.TempDir()
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), content, 0o600))
	}
	return folder
}

func writeSectors(content []byte, write operation, survives survives) []byte {
	for start := 0; start < len(write.bytes); start += sector {
		if !survives() {
			continue
		}
		piece := write.bytes[start:min(start+sector, len(write.bytes))]
		from := int(write.offset) + start
		if missing := from + len(piece) - len(content); missing > 0 {
			content = append(content, make([]byte, missing)...)
		}
		copy(content[from:], piece)
	}
	return content
}
