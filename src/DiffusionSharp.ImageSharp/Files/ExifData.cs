using System.Buffers.Binary;
using System.Text;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>
/// An EXIF structure (CIPA DC-008), which is that of a TIFF file: a directory of tagged values, of which one is another directory. What is
/// damaged is not there.
/// </summary>
internal readonly ref struct ExifData
{
    private const int EntryLength = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ImageDescriptionTag = 0x010E;
    private const ushort ExifDirectoryTag = 0x8769;
    private const ushort UserCommentTag = 0x9286;
    private const ushort XpCommentTag = 0x9C9C;

    private readonly ReadOnlySpan<byte> _data;
    private readonly bool _bigEndian;

    public ExifData(ReadOnlySpan<byte> data)
    {
        // JPEG has this prefix, and some writers leave it in the other formats, too.
        _data = data.StartsWith("Exif\0\0"u8) ? data[6..] : data;
        _bigEndian = _data.StartsWith("MM"u8);
        if (_data.Length < 8 || !(_bigEndian || _data.StartsWith("II"u8)))
        {
            _data = [];
        }
    }

    /// <summary>From 1 to 8; null when it is not said.</summary>
    public int? Orientation => Number(Find(FirstDirectory, OrientationTag)) is >= 1 and <= 8 and var orientation ? (int)orientation : null;

    private uint FirstDirectory => _data.IsEmpty ? 0 : UInt32(_data[4..]);

    /// <summary>All texts that tools write about how a picture was made, the usual one first.</summary>
    public List<string> Texts()
    {
        var texts = new List<string>();
        uint exifDirectory = Number(Find(FirstDirectory, ExifDirectoryTag)) ?? 0;
        Add(UserComment.Decode(Find(exifDirectory, UserCommentTag).Value, _bigEndian));
        Add(UserComment.Decode(Find(FirstDirectory, UserCommentTag).Value, _bigEndian));
        Add(UserComment.Decode(Find(FirstDirectory, ImageDescriptionTag).Value, _bigEndian));
        Add(Encoding.Unicode.GetString(Find(FirstDirectory, XpCommentTag).Value));
        return texts;

        void Add(string text)
        {
            if (text.Length > 0)
            {
                texts.Add(text);
            }
        }
    }

    /// <summary>A structure of nothing but a comment.</summary>
    public static byte[] OfUserComment(string text)
    {
        // Header, first directory of one entry, EXIF directory of one entry, comment; a directory ends with where the next one is: nowhere.
        const int DirectoryLength = 2 + EntryLength + 4;
        const int First = 8;
        const int Second = First + DirectoryLength;
        const int Comment = Second + DirectoryLength;
        byte[] comment = UserComment.Encode(text);
        byte[] data = new byte[Comment + comment.Length];
        "MM\0\x2A"u8.CopyTo(data);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), First);
        WriteDirectory(data.AsSpan(First), ExifDirectoryTag, type: 4, count: 1, Second);
        WriteDirectory(data.AsSpan(Second), UserCommentTag, type: 7, (uint)comment.Length, Comment);
        comment.CopyTo(data, Comment);
        return data;
    }

    private static void WriteDirectory(Span<byte> place, ushort tag, ushort type, uint count, uint value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(place, 1);
        BinaryPrimitives.WriteUInt16BigEndian(place[2..], tag);
        BinaryPrimitives.WriteUInt16BigEndian(place[4..], type);
        BinaryPrimitives.WriteUInt32BigEndian(place[6..], count);
        BinaryPrimitives.WriteUInt32BigEndian(place[10..], value);
    }

    private static int SizeOf(ushort type) => type switch
    {
        1 or 2 or 6 or 7 => 1, // bytes and text
        3 or 8 => 2,
        4 or 9 or 13 => 4,
        _ => 0,
    };

    private Entry Find(uint directory, ushort tag)
    {
        if (directory == 0 || directory > _data.Length - 2)
        {
            return default;
        }

        ReadOnlySpan<byte> entries = _data[(int)directory..];
        int count = UInt16(entries);
        entries = entries[2..];
        for (int i = 0; i < count && entries.Length >= EntryLength; i++, entries = entries[EntryLength..])
        {
            if (UInt16(entries) == tag)
            {
                ushort type = UInt16(entries[2..]);
                long length = (long)SizeOf(type) * UInt32(entries[4..]);
                long start = length > 4 ? UInt32(entries[8..]) : _data.Length - entries.Length + 8;
                return start + length <= _data.Length ? new Entry(type, _data.Slice((int)start, (int)length)) : default;
            }
        }

        return default;
    }

    private uint? Number(Entry entry) => (entry.Value.Length, SizeOf(entry.Type)) switch
    {
        ( >= 1, 1) => entry.Value[0],
        ( >= 2, 2) => UInt16(entry.Value),
        ( >= 4, 4) => UInt32(entry.Value),
        _ => null,
    };

    private ushort UInt16(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint UInt32(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private readonly ref struct Entry(ushort type, ReadOnlySpan<byte> value)
    {
        public ushort Type { get; } = type;

        public ReadOnlySpan<byte> Value { get; } = value;
    }
}
