package middleware

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"net/http"
	"sync/atomic"

	"github.com/quintetgo/quintet/framework/web"
)

// RequestID assigns an ID to each request, which is sent as X-Request-ID, shown on error pages and
// logged. An ID in the request is ignored.
func RequestID(next http.Handler) http.Handler {
	var start [8]byte
	rand.Read(start[:]) //nolint:errcheck // never fails since Go 1.24
	var count atomic.Uint64
	count.Store(binary.BigEndian.Uint64(start[:]))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := web.RequestID(r)
		if id == "" {
			id = requestName(count.Add(1))
			web.SetRequestID(r, id)
		}
		w.Header()["X-Request-Id"] = []string{id}
		next.ServeHTTP(w, r)
	})
}

var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// requestName permutes the count, so that consecutive IDs differ visibly.
func requestName(count uint64) string {
	count *= 0x9E3779B97F4A7C15 // odd, so this is a permutation
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], count^count>>32)
	return idEncoding.EncodeToString(raw[:])
}
