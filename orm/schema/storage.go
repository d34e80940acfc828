package schema

import "github.com/quintetgo/quintet/orm/dialect"

var storageTypes = [...]dialect.Type{
	KindBigInt: dialect.TypeBigInt, KindInt: dialect.TypeInt, KindSmallInt: dialect.TypeSmallInt, KindUint: dialect.TypeUint,
	KindBool: dialect.TypeBool, KindFloat: dialect.TypeFloat, KindDecimal: dialect.TypeDecimal,
	KindChar: dialect.TypeChar, KindSlug: dialect.TypeChar, KindEmail: dialect.TypeChar, KindURL: dialect.TypeChar,
	KindText: dialect.TypeText, KindDate: dialect.TypeDate, KindTime: dialect.TypeTime, KindDateTime: dialect.TypeDateTime,
	KindDuration: dialect.TypeDuration, KindUUID: dialect.TypeUUID, KindJSON: dialect.TypeJSON, KindBinary: dialect.TypeBinary,
}

// StorageType returns how values of the kind are stored. It is TypeUnknown for relations, whose columns have the type of
// the key that they hold; see [Field.StorageType].
func (k Kind) StorageType() dialect.Type {
	if int(k) < len(storageTypes) {
		return storageTypes[k]
	}
	return dialect.TypeUnknown
}

// StorageType returns how the field's column is stored.
func (f *Field) StorageType() dialect.Type { return f.ColumnKind().StorageType() }
