namespace DiffusionSharp.OnnxRuntime.Safetensors;

/// <summary>The element types of safetensors files.</summary>
internal enum StoredType
{
    Bool,
    UInt8,
    Int8,
    Float8E4M3,
    Float8E5M2,
    UInt16,
    Int16,
    Float16,
    BFloat16,
    UInt32,
    Int32,
    Float32,
    UInt64,
    Int64,
    Float64,
}

/// <summary>What the format calls its element types, and how large they are.</summary>
internal static class StoredTypes
{
    private static readonly Dictionary<string, StoredType> ByName = new(StringComparer.Ordinal)
    {
        ["BOOL"] = StoredType.Bool,
        ["U8"] = StoredType.UInt8,
        ["I8"] = StoredType.Int8,
        ["F8_E4M3"] = StoredType.Float8E4M3,
        ["F8_E5M2"] = StoredType.Float8E5M2,
        ["U16"] = StoredType.UInt16,
        ["I16"] = StoredType.Int16,
        ["F16"] = StoredType.Float16,
        ["BF16"] = StoredType.BFloat16,
        ["U32"] = StoredType.UInt32,
        ["I32"] = StoredType.Int32,
        ["F32"] = StoredType.Float32,
        ["U64"] = StoredType.UInt64,
        ["I64"] = StoredType.Int64,
        ["F64"] = StoredType.Float64,
    };

    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The type of a name, or null where the format has none.</summary>
    public static StoredType? Find(string name) => ByName.TryGetValue(name, out StoredType type) ? type : null;

    public static string NameOf(StoredType type) => ByName.First(pair => pair.Value == type).Key;

    /// <summary>Bytes of an element.</summary>
    public static int SizeOf(StoredType type) => type switch
    {
        <= StoredType.Float8E5M2 => 1,
        <= StoredType.BFloat16 => 2,
        <= StoredType.Float32 => 4,
        _ => 8,
    };
}
