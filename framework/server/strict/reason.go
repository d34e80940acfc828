package strict

import "net/http"

// Reason is why a request is rejected. There are few, so they are suitable as labels of metrics.
type Reason uint8

// The reasons.
const (
	BadRequestLine Reason = iota + 1
	BadMethod
	LongMethod
	LongLine
	BadTarget
	BadTargetForm
	BadVersion
	BadLineEnd
	ControlCharacter
	FoldedLine
	BadFieldName
	Underscore
	TooManyFields
	LongField
	LargeHead
	MissingHost
	SecondHost
	BadHost
	HostMismatch
	BadLength
	SecondLength
	LengthAndCoding
	BadCoding
	SecondCoding
	UnknownCoding
	CodingInOldVersion
	LengthInConnect
	SecondContentType
	UnknownExpectation
	BadChunkSize
	BadChunkExtension
	BadChunkEnd
	BadTrailer
)

// reasons holds the status, the label and the text of each reason.
var reasons = [...]struct {
	status      int
	label, text string
}{
	BadRequestLine:     {http.StatusBadRequest, "request-line", "malformed request line"},
	BadMethod:          {http.StatusBadRequest, "method", "invalid method"},
	LongMethod:         {http.StatusNotImplemented, "long-method", "unknown method"},
	LongLine:           {http.StatusRequestURITooLong, "long-line", "request line too long"},
	BadTarget:          {http.StatusBadRequest, "target", "invalid character or escape in the request target"},
	BadTargetForm:      {http.StatusBadRequest, "target-form", "this form of request target does not match the method"},
	BadVersion:         {http.StatusHTTPVersionNotSupported, "version", "only HTTP/1.0 and HTTP/1.1 are supported"},
	BadLineEnd:         {http.StatusBadRequest, "line-end", "lines must end with CR LF"},
	ControlCharacter:   {http.StatusBadRequest, "control-character", "control character in a header field"},
	FoldedLine:         {http.StatusBadRequest, "folded-line", "header line begins with a space"},
	BadFieldName:       {http.StatusBadRequest, "field-name", "malformed header field name"},
	Underscore:         {http.StatusBadRequest, "underscore", "header field name with an underscore"},
	TooManyFields:      {http.StatusRequestHeaderFieldsTooLarge, "too-many-fields", "too many header fields"},
	LongField:          {http.StatusRequestHeaderFieldsTooLarge, "long-field", "header field too long"},
	LargeHead:          {http.StatusRequestHeaderFieldsTooLarge, "large-head", "header too large"},
	MissingHost:        {http.StatusBadRequest, "missing-host", "no Host field"},
	SecondHost:         {http.StatusBadRequest, "second-host", "more than one Host field"},
	BadHost:            {http.StatusBadRequest, "host", "invalid host"},
	HostMismatch:       {http.StatusBadRequest, "host-mismatch", "Host field and request target name different hosts"},
	BadLength:          {http.StatusBadRequest, "length", "invalid Content-Length"},
	SecondLength:       {http.StatusBadRequest, "second-length", "more than one Content-Length"},
	LengthAndCoding:    {http.StatusBadRequest, "length-and-coding", "both Content-Length and Transfer-Encoding"},
	BadCoding:          {http.StatusBadRequest, "coding", "malformed Transfer-Encoding"},
	SecondCoding:       {http.StatusBadRequest, "second-coding", "more than one Transfer-Encoding"},
	UnknownCoding:      {http.StatusNotImplemented, "unknown-coding", "only the transfer coding \"chunked\" is supported"},
	CodingInOldVersion: {http.StatusBadRequest, "coding-in-old-version", "Transfer-Encoding in HTTP/1.0"},
	LengthInConnect:    {http.StatusBadRequest, "length-in-connect", "CONNECT with a body"},
	SecondContentType:  {http.StatusBadRequest, "second-content-type", "more than one Content-Type"},
	UnknownExpectation: {http.StatusExpectationFailed, "expectation", "unknown expectation"},
	BadChunkSize:       {http.StatusBadRequest, "chunk-size", "malformed chunk size"},
	BadChunkExtension:  {http.StatusBadRequest, "chunk-extension", "malformed or too long chunk extension"},
	BadChunkEnd:        {http.StatusBadRequest, "chunk-end", "chunk does not end where its size indicates"},
	BadTrailer:         {http.StatusBadRequest, "trailer", "trailer that is not allowed"},
}

// Label returns the reason as a short label, such as "second-host".
func (r Reason) Label() string {
	if int(r) >= len(reasons) || r == 0 {
		return "none"
	}
	return reasons[r].label
}

// String returns the reason as text, as it is sent to the client.
func (r Reason) String() string {
	if int(r) >= len(reasons) {
		return ""
	}
	return reasons[r].text
}

// Status returns the status of the response.
func (r Reason) Status() int {
	if int(r) >= len(reasons) {
		return 0
	}
	return reasons[r].status
}
